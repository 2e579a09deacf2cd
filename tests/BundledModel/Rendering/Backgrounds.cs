using SkiaSharp;

namespace TaskRes.BundledModel.Rendering;

/// <summary>What stands behind the glyph: a flat colour, a gradient, stripes, spots or clouds.</summary>
internal static class Backgrounds
{
    public static void Draw(SKCanvas canvas, int size, bool plain, Random random)
    {
        if (plain)
        {
            var grey = (byte)random.Next(225, 256);
            canvas.Clear(new SKColor(grey, grey, grey));
            return;
        }
        canvas.Clear(Colour(random));
        switch (random.Next(6))
        {
            case 0 or 1: break;
            case 2: Gradient(canvas, size, random); break;
            case 3: Stripes(canvas, size, random); break;
            case 4: Spots(canvas, size, random); break;
            default: Clouds(canvas, size, random); break;
        }
    }

    /// <summary>White and near it as often as all else: that is what pictures are usually put on.</summary>
    public static SKColor Colour(Random random)
    {
        if (random.Next(4) == 0)
        {
            var grey = (byte)random.Next(215, 256);
            return new SKColor(grey, grey, grey);
        }
        return SKColor.FromHsv(random.Next(360), random.Next(0, 90), random.Next(25, 101));
    }

    private static void Gradient(SKCanvas canvas, int size, Random random)
    {
        var (from, to) = (Point(size, random), Point(size, random));
        using var shader = SKShader.CreateLinearGradient(from, to, [Colour(random), Colour(random)], SKShaderTileMode.Mirror);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawPaint(paint);
    }

    private static void Stripes(SKCanvas canvas, int size, Random random)
    {
        using var paint = new SKPaint { Color = Colour(random), StrokeWidth = random.Next(2, 10), IsAntialias = true };
        var step = paint.StrokeWidth * (1.5f + random.NextSingle());
        canvas.Save();
        canvas.RotateDegrees(random.Next(180), size / 2f, size / 2f);
        for (var x = -size / 2f; x < 1.5f * size; x += step) canvas.DrawLine(x, -size / 2f, x, 1.5f * size, paint);
        canvas.Restore();
    }

    private static void Spots(SKCanvas canvas, int size, Random random)
    {
        using var paint = new SKPaint { IsAntialias = true };
        for (var spot = random.Next(4, 16); spot > 0; spot--)
        {
            paint.Color = Colour(random);
            canvas.DrawCircle(Point(size, random), random.Next(2, size / 5), paint);
        }
    }

    private static void Clouds(SKCanvas canvas, int size, Random random)
    {
        var frequency = 0.02f + 0.08f * random.NextSingle();
        using var shader = SKShader.CreatePerlinNoiseFractalNoise(frequency, frequency, random.Next(1, 4), random.Next(10_000));
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawPaint(paint);
    }

    private static SKPoint Point(int size, Random random) => new(size * random.NextSingle(), size * random.NextSingle());
}
