using SkiaSharp;

namespace TaskRes.BundledModel.Rendering;

/// <summary>Pixels as the image tower takes them.</summary>
internal static class PixelTensor
{
    /// <summary>Writes an image of S×S as 3×S×S floats, normalised by CLIP's mean and deviation.</summary>
    public static void Write(SKBitmap bitmap, Span<float> planes)
    {
        var pixels = bitmap.GetPixelSpan();
        var area = bitmap.Width * bitmap.Height;
        for (var channel = 0; channel < 3; channel++)
        {
            var scale = 1 / (255 * BundledClip.PixelDeviation[channel]);
            var offset = -BundledClip.PixelMean[channel] / BundledClip.PixelDeviation[channel];
            var plane = planes.Slice(channel * area, area);
            for (var pixel = 0; pixel < area; pixel++) plane[pixel] = pixels[4 * pixel + channel] * scale + offset;
        }
    }
}
