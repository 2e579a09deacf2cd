using SkiaSharp;
using TaskRes.BundledModel.Rendering;

namespace TaskRes.BundledModel.Tasks;

/// <summary>A creature that no emoji shows: a body with so many arms about an eye.</summary>
/// <param name="Arms">Arms of the body, 0 for a disc.</param>
/// <param name="Depth">How far they stand out, 0 to 1.</param>
/// <param name="Hue">Of the body, in degrees.</param>
/// <param name="Eyes">How many eyes in a row.</param>
internal sealed record InventedGlyph(int Arms, double Depth, float Hue, int Eyes)
{
    private const int Points = 180;

    public SKImage Draw()
    {
        using var bitmap = new SKBitmap(GlyphSprites.Side, GlyphSprites.Side, SKColorType.Rgba8888, SKAlphaType.Premul);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.Transparent);
            canvas.Translate(GlyphSprites.Side / 2f, GlyphSprites.Side / 2f);
            DrawBody(canvas);
            DrawEyes(canvas);
        }
        return SKImage.FromBitmap(bitmap);
    }

    private void DrawBody(SKCanvas canvas)
    {
        using var outline = new SKPathBuilder();
        for (var point = 0; point < Points; point++)
        {
            var angle = 2 * Math.PI * point / Points;
            var radius = GlyphSprites.Side * 0.46 * (1 - Depth * (0.5 + 0.5 * Math.Cos(Arms * angle)));
            var (x, y) = ((float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle)));
            if (point == 0) outline.MoveTo(x, y);
            else outline.LineTo(x, y);
        }
        outline.Close();
        using var body = outline.Detach();
        using var fill = new SKPaint { Color = SKColor.FromHsv(Hue, 75, 90), IsAntialias = true };
        using var edge = new SKPaint { Color = SKColor.FromHsv(Hue, 85, 45), IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 4 };
        canvas.DrawPath(body, fill);
        canvas.DrawPath(body, edge);
    }

    private void DrawEyes(SKCanvas canvas)
    {
        const float spacing = 20, white = 9, pupil = 4;
        using var paint = new SKPaint { IsAntialias = true };
        for (var eye = 0; eye < Eyes; eye++)
        {
            var x = (eye - (Eyes - 1) / 2f) * spacing;
            paint.Color = SKColors.White;
            canvas.DrawCircle(x, 0, white, paint);
            paint.Color = SKColors.Black;
            canvas.DrawCircle(x, 1, pupil, paint);
        }
    }
}
