namespace TaskRes.Core.Images;

/// <summary>An upright image of 8-bit RGB: height × width × 3 bytes, row by row, without padding.</summary>
public sealed class PixelImage
{
    public PixelImage(int width, int height, byte[] rgb)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.LongLength, 3L * width * height, nameof(rgb));
        (Width, Height, Rgb) = (width, height, rgb);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The pixels themselves, not a copy.</summary>
    public byte[] Rgb { get; }

    internal PixelImage FlippedHorizontally()
    {
        var flipped = new byte[Rgb.Length];
        for (var row = 0; row < Height; row++)
            for (var x = 0; x < Width; x++)
                Rgb.AsSpan(3 * (row * Width + x), 3).CopyTo(flipped.AsSpan(3 * (row * Width + Width - 1 - x)));
        return new PixelImage(Width, Height, flipped);
    }
}
