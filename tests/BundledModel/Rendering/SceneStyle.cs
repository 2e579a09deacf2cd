namespace TaskRes.BundledModel.Rendering;

/// <summary>How far a scene may stray from a plain picture. Chances and shares run from 0 to 1.</summary>
internal sealed record SceneStyle
{
    /// <summary>What the model is trained on.</summary>
    public static SceneStyle Training { get; } = new();

    /// <summary>The side of the image in pixels.</summary>
    public int ImageSize { get; init; } = BundledClip.ImageSize;

    /// <summary>The sprite's side as a share of the image's.</summary>
    public (double Least, double Most) Scale { get; init; } = (0.7, 1.0);

    /// <summary>Degrees to either side.</summary>
    public double Rotation { get; init; } = 12;

    /// <summary>How far the sprite's centre lies from the image's, as a share of the side.</summary>
    public double Shift { get; init; } = 0.06;

    public double MirrorChance { get; init; } = 0.3;

    public double BlurChance { get; init; } = 0.15;

    /// <summary>Standard deviation of the widest blur, in pixels.</summary>
    public double MostBlur { get; init; } = 0.8;

    /// <summary>Standard deviation of the strongest noise, of 255.</summary>
    public double MostNoise { get; init; } = 12;

    /// <summary>The strongest change of colour balance, saturation, brightness and contrast.</summary>
    public double ColourShift { get; init; } = 0.2;

    public double GreyChance { get; init; } = 0.05;

    public double OcclusionChance { get; init; } = 0.1;

    /// <summary>Backgrounds of one grey only.</summary>
    public bool PlainBackground { get; init; }
}
