using System.Buffers;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace TaskRes.Core.Images;

/// <summary>
/// Decodes JPEG, PNG, WebP, GIF (first frame) and BMP to RGB as Pillow's <c>convert("RGB")</c> does: alpha is dropped, not
/// blended, and embedded colour profiles are ignored. The header is held to the limits before anything is decoded.
/// </summary>
internal sealed class ImageDecoder(ImageLimits limits, bool applyExifOrientation)
{
    private static readonly SKEncodedImageFormat[] Formats =
        [SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp, SKEncodedImageFormat.Gif, SKEncodedImageFormat.Bmp];

    /// <param name="leastSide">Where it is above 0, a JPEG may come out smaller (a half, a quarter, an eighth), with no side shorter than this.</param>
    public unsafe PixelImage Decode(ReadOnlyMemory<byte> encoded, int leastSide = 0)
    {
        if (encoded.IsEmpty) throw Unreadable("the image is empty");
        Hold(encoded.Length, limits.MaxBytes, "bytes");

        using var pinned = encoded.Pin();
        using var data = SKData.Create((nint)pinned.Pointer, encoded.Length);
        using var codec = SKCodec.Create(data);
        // Skia also reads formats that nobody sends, whose decoders are less tried.
        if (codec is null || !Formats.Contains(codec.EncodedFormat))
            throw Unreadable("the bytes are not a readable JPEG, PNG, WebP, GIF or BMP image");

        var isJpeg = codec.EncodedFormat == SKEncodedImageFormat.Jpeg;
        if (isJpeg && JpegMarkers.IsCutOff(encoded.Span)) throw Unreadable("the image is truncated");

        int width = codec.Info.Width, height = codec.Info.Height;
        if (width < 1 || height < 1) throw Unreadable("the image has no pixels");
        Hold((long)width * height, limits.MaxPixels, "pixels");
        if ((double)Math.Max(width, height) / Math.Min(width, height) > limits.MaxAspectRatio)
            throw TooLarge($"its sides of {width} and {height} pixels exceed the aspect ratio", Math.Max(width, height), limits.MaxAspectRatio * Math.Min(width, height), "pixels");

        if (leastSide > 0 && isJpeg) (width, height) = Reduced(codec, leastSide);
        var rgba = ArrayPool<byte>.Shared.Rent(4 * width * height);
        try
        {
            if (!isJpeg || !TurboJpeg.TryDecode(encoded.Span, width, height, rgba)) DecodeBySkia(codec, width, height, rgba);
            return ToRgb(rgba, width, height, applyExifOrientation ? codec.EncodedOrigin : SKEncodedOrigin.TopLeft);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rgba);
        }
    }

    private static unsafe void DecodeBySkia(SKCodec codec, int width, int height, byte[] rgba)
    {
        fixed (byte* pixels = rgba)
        {
            var result = codec.GetPixels(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul), (nint)pixels);
            if (result != SKCodecResult.Success) throw Unreadable($"the image is truncated or damaged ({result})");
        }
    }

    /// <summary>The least size that the discrete cosine transform gives by leaving out its high frequencies.</summary>
    private static (int Width, int Height) Reduced(SKCodec codec, int leastSide)
    {
        for (var scale = 1f / 8; scale < 1; scale *= 2)
        {
            var size = codec.GetScaledDimensions(scale);
            if (Math.Min(size.Width, size.Height) >= leastSide) return (size.Width, size.Height);
        }
        return (codec.Info.Width, codec.Info.Height);
    }

    private static PixelImage ToRgb(byte[] rgba, int width, int height, SKEncodedOrigin origin)
    {
        // Where the upright image's first pixel lies, and how far its neighbours to the right and below are, in pixels.
        var last = width * height - 1;
        var (start, right, down) = origin switch
        {
            SKEncodedOrigin.TopRight => (width - 1, -1, width),
            SKEncodedOrigin.BottomRight => (last, -1, -width),
            SKEncodedOrigin.BottomLeft => (last - width + 1, 1, -width),
            SKEncodedOrigin.LeftTop => (0, width, 1),
            SKEncodedOrigin.RightTop => (last - width + 1, -width, 1),
            SKEncodedOrigin.RightBottom => (last, -width, -1),
            SKEncodedOrigin.LeftBottom => (width - 1, width, -1),
            _ => (0, 1, width),
        };
        var isTurned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var (uprightWidth, uprightHeight) = isTurned ? (height, width) : (width, height);

        var rgb = GC.AllocateUninitializedArray<byte>(3 * width * height);
        if (origin == SKEncodedOrigin.TopLeft)
        {
            DropAlpha(rgba.AsSpan(0, 4 * width * height), rgb);
            return new PixelImage(width, height, rgb);
        }
        var to = 0;
        for (var row = 0; row < uprightHeight; row++)
        {
            var from = 4 * (start + row * down);
            for (var column = 0; column < uprightWidth; column++, from += 4 * right)
            {
                rgb[to++] = rgba[from];
                rgb[to++] = rgba[from + 1];
                rgb[to++] = rgba[from + 2];
            }
        }
        return new PixelImage(uprightWidth, uprightHeight, rgb);
    }

    private static void DropAlpha(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        // Four pixels at a time; a store writes four bytes too many, which the next one, or the last loop, writes over.
        var kept = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
        for (; rgb.Length >= Vector128<byte>.Count; rgba = rgba[16..], rgb = rgb[12..])
            Vector128.Shuffle(Vector128.Create(rgba), kept).CopyTo(rgb);
        for (; rgb.Length > 0; rgba = rgba[4..], rgb = rgb[3..]) rgba[..3].CopyTo(rgb);
    }

    private static void Hold(long value, long limit, string unit)
    {
        if (value > limit) throw TooLarge($"{value} {unit}", value, limit, unit);
    }

    private static TaskResException Unreadable(string fault) => new(ErrorReason.ImageUnreadable, $"image: {fault}.") { Field = "image" };

    private static TaskResException TooLarge(string what, double value, double limit, string unit) =>
        new(ErrorReason.ImageTooLarge, FormattableString.Invariant($"image: {what} is over the limit of {limit} {unit}; send a smaller one."))
        {
            Field = "image",
            Metadata = new Dictionary<string, string>
            {
                ["value"] = FormattableString.Invariant($"{value}"),
                ["limit"] = FormattableString.Invariant($"{limit}"),
                ["unit"] = unit,
            },
        };
}
