using System.Buffers.Binary;
using SkiaSharp;

namespace TaskRes.Benchmarks.Encoder;

/// <summary>Synthetic photographs as JPEG files; as many different ones as are asked for, at no cost beyond that of the first.</summary>
internal sealed class JpegImages
{
    private const int Shapes = 40;
    private const int Quality = 85;

    private readonly byte[] _base;

    public JpegImages(int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        var random = new Random(1);
        for (var shape = 0; shape < Shapes; shape++)
        {
            using var paint = new SKPaint { Color = new SKColor((uint)random.Next() | 0xff000000), IsAntialias = true };
            canvas.DrawCircle(random.Next(width), random.Next(height), random.Next(1, width / 3), paint);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality);
        _base = data.ToArray();
    }

    /// <summary>The same picture with a comment of its own, so that its digest is one of its own.</summary>
    public byte[] Number(int number)
    {
        var file = new byte[_base.Length + 8];
        _base.AsSpan(0, 2).CopyTo(file);
        ReadOnlySpan<byte> comment = [0xff, 0xfe, 0, 6];
        comment.CopyTo(file.AsSpan(2));
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(6), number);
        _base.AsSpan(2).CopyTo(file.AsSpan(10));
        return file;
    }
}
