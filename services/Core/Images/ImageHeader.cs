using SkiaSharp;

namespace TaskRes.Core.Images;

/// <summary>What an encoded image says of itself before it is decoded.</summary>
public static class ImageHeader
{
    /// <summary>Width times height; 0 where the bytes are no readable image, which decoding them will say.</summary>
    public static unsafe long CountPixels(ReadOnlyMemory<byte> encoded)
    {
        if (encoded.IsEmpty) return 0;
        using var pinned = encoded.Pin();
        using var data = SKData.Create((nint)pinned.Pointer, encoded.Length);
        using var codec = SKCodec.Create(data);
        return codec is null ? 0 : (long)codec.Info.Width * codec.Info.Height;
    }
}
