namespace TaskRes.Core.Images;

/// <summary>Which part of an image becomes the crop: torchvision's Resize + CenterCrop, and its RandomResizedCrop.</summary>
internal static class Geometry
{
    private const int Attempts = 10;
    private const double MinScale = 0.08, MaxScale = 1, MinRatio = 3.0 / 4, MaxRatio = 4.0 / 3;

    /// <summary>The size whose shortest side is <paramref name="side"/>; the other is rounded down.</summary>
    public static (int Width, int Height) Shrink(int width, int height, int side) => width <= height
        ? (side, (int)((long)side * height / width))
        : ((int)((long)side * width / height), side);

    /// <summary>The square in the middle; halves go to the even offset, as Python's <c>round</c> has it.</summary>
    public static Region Center((int Width, int Height) size, int side) => new(
        (int)Math.Round((size.Width - side) / 2.0, MidpointRounding.ToEven),
        (int)Math.Round((size.Height - side) / 2.0, MidpointRounding.ToEven), side, side);

    /// <summary>A part of random area (8 to 100 %) and aspect ratio (3:4 to 4:3, evenly in the logarithm).</summary>
    public static Region RandomPart(int width, int height, ref SplitMix64 random)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = (double)width * height * random.Between(MinScale, MaxScale);
            var ratio = Math.Exp(random.Between(Math.Log(MinRatio), Math.Log(MaxRatio)));
            var partWidth = (int)Math.Round(Math.Sqrt(area * ratio), MidpointRounding.ToEven);
            var partHeight = (int)Math.Round(Math.Sqrt(area / ratio), MidpointRounding.ToEven);
            if (partWidth < 1 || partWidth > width || partHeight < 1 || partHeight > height) continue;
            var top = random.Below(height - partHeight + 1);
            return new Region(random.Below(width - partWidth + 1), top, partWidth, partHeight);
        }
        return Largest(width, height);
    }

    /// <summary>The largest part in the middle whose aspect ratio is allowed: where no random one fitted.</summary>
    private static Region Largest(int width, int height)
    {
        var ratio = (double)width / height;
        var partWidth = ratio > MaxRatio ? Math.Max(1, (int)Math.Round(height * MaxRatio)) : width;
        var partHeight = ratio < MinRatio ? Math.Max(1, (int)Math.Round(width / MinRatio)) : height;
        return new Region((width - partWidth) / 2, (height - partHeight) / 2, partWidth, partHeight);
    }
}
