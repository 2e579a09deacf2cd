using SkiaSharp;

namespace TaskRes.BundledModel.Rendering;

/// <summary>Glyphs of a font drawn once, each filling a transparent square of <see cref="Side"/> pixels.</summary>
internal sealed class GlyphSprites : IDisposable
{
    public const int Side = 96;

    private const int Canvas = 256, FontSize = 128;

    private readonly SKTypeface _typeface;
    private readonly Dictionary<int, SKImage> _sprites = [];

    public GlyphSprites(string fontPath)
    {
        _typeface = SKTypeface.FromFile(fontPath) ?? throw new FileNotFoundException("The font cannot be read; the model card names the packages.", fontPath);
    }

    /// <summary>The glyph of a code point; monochrome glyphs are black.</summary>
    public SKImage this[int codePoint]
    {
        get
        {
            lock (_sprites)
            {
                if (!_sprites.TryGetValue(codePoint, out var sprite)) _sprites[codePoint] = sprite = Draw(codePoint);
                return sprite;
            }
        }
    }

    public void Dispose()
    {
        foreach (var sprite in _sprites.Values) sprite.Dispose();
        _typeface.Dispose();
    }

    private SKImage Draw(int codePoint)
    {
        using var font = new SKFont(_typeface, FontSize) { Edging = SKFontEdging.Antialias };
        using var paint = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        using var large = new SKBitmap(Canvas, Canvas, SKColorType.Rgba8888, SKAlphaType.Premul);
        using (var canvas = new SKCanvas(large))
        {
            canvas.Clear(SKColors.Transparent);
            canvas.DrawText(char.ConvertFromUtf32(codePoint), Canvas / 8, Canvas * 0.7f, SKTextAlign.Left, font, paint);
        }

        using var whole = SKImage.FromBitmap(large);
        using var small = new SKBitmap(Side, Side, SKColorType.Rgba8888, SKAlphaType.Premul);
        using (var canvas = new SKCanvas(small))
        {
            canvas.Clear(SKColors.Transparent);
            canvas.DrawImage(whole, Square(InkBounds(large)), new SKRect(0, 0, Side, Side), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        }
        return SKImage.FromBitmap(small);
    }

    /// <summary>The smallest square about the ink, so that every glyph comes out equally large.</summary>
    private static SKRect Square(SKRectI ink)
    {
        var half = Math.Max(ink.Width, ink.Height) / 2f;
        return new SKRect(ink.MidX - half, ink.MidY - half, ink.MidX + half, ink.MidY + half);
    }

    private static SKRectI InkBounds(SKBitmap bitmap)
    {
        var bounds = SKRectI.Empty;
        var pixels = bitmap.GetPixelSpan();
        for (var y = 0; y < bitmap.Height; y++)
            for (var x = 0; x < bitmap.Width; x++)
            {
                if (pixels[y * bitmap.RowBytes + 4 * x + 3] == 0) continue;
                var pixel = new SKRectI(x, y, x + 1, y + 1);
                bounds = bounds.IsEmpty ? pixel : SKRectI.Union(bounds, pixel);
            }
        return bounds;
    }
}
