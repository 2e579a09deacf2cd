using SkiaSharp;

namespace TaskRes.BundledModel.Rendering;

/// <summary>Puts a sprite into a random scene. All that is random comes from the generator: one seed, one image.</summary>
internal sealed class Scene(SceneStyle style)
{
    /// <param name="sprite">What is shown.</param>
    /// <param name="mayBeMirrored">Whether left and right may change places.</param>
    /// <param name="random">Decides everything else.</param>
    public SKBitmap Render(SKImage sprite, bool mayBeMirrored, Random random)
    {
        var bitmap = new SKBitmap(style.ImageSize, style.ImageSize, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            Backgrounds.Draw(canvas, style.ImageSize, style.PlainBackground, random);
            DrawSprite(canvas, sprite, mayBeMirrored, random);
            if (random.NextDouble() < style.OcclusionChance) Occlude(canvas, random);
        }
        AddNoise(bitmap, random);
        return bitmap;
    }

    private void DrawSprite(SKCanvas canvas, SKImage sprite, bool mayBeMirrored, Random random)
    {
        var side = (float)(style.ImageSize * Between(style.Scale.Least, style.Scale.Most, random));
        var mirror = mayBeMirrored && random.NextDouble() < style.MirrorChance ? -1 : 1;
        using var colours = ColourFilters.Random(style, random);
        using var paint = new SKPaint { ColorFilter = colours };
        using var blur = random.NextDouble() < style.BlurChance ? Blur(random) : null;
        paint.ImageFilter = blur;

        canvas.Save();
        canvas.Translate(Centre(random), Centre(random));
        canvas.RotateDegrees((float)Between(-style.Rotation, style.Rotation, random));
        canvas.Scale(mirror, (float)Between(0.88, 1.12, random));
        canvas.DrawImage(sprite, new SKRect(-side / 2, -side / 2, side / 2, side / 2), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Nearest), paint);
        canvas.Restore();
    }

    private SKImageFilter Blur(Random random)
    {
        var deviation = (float)Between(0.3, style.MostBlur, random);
        return SKImageFilter.CreateBlur(deviation, deviation);
    }

    private float Centre(Random random) => (float)(style.ImageSize * (0.5 + Between(-style.Shift, style.Shift, random)));

    private void Occlude(SKCanvas canvas, Random random)
    {
        using var paint = new SKPaint { Color = Backgrounds.Colour(random) };
        var (width, height) = (random.Next(style.ImageSize / 8, style.ImageSize / 3), random.Next(style.ImageSize / 8, style.ImageSize / 3));
        canvas.DrawRect(random.Next(style.ImageSize), random.Next(style.ImageSize), width, height, paint);
    }

    private void AddNoise(SKBitmap bitmap, Random random)
    {
        if (style.MostNoise <= 0 || random.Next(2) == 0) return;
        var amplitude = (int)(style.MostNoise * random.NextDouble() * Math.Sqrt(3)); // of a uniform distribution of that deviation
        if (amplitude == 0) return;
        var state = (uint)random.Next() | 1;
        foreach (ref var value in bitmap.GetPixelSpan())
        {
            state ^= state << 13; state ^= state >> 17; state ^= state << 5; // xorshift32: 12,288 draws an image
            value = (byte)Math.Clamp(value + (int)(state % (uint)(2 * amplitude + 1)) - amplitude, 0, 255);
        }
    }

    private static double Between(double least, double most, Random random) => least + (most - least) * random.NextDouble();
}
