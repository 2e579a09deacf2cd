using System.Buffers.Binary;
using SkiaSharp;
using TaskRes.Cli.Files;

namespace TaskRes.Cli.Load;

/// <summary>Images that the server knows and as many as are wanted that it cannot know.</summary>
internal sealed class LoadImages
{
    private const int SyntheticImages = 16;
    private const int JpegQuality = 90;
    private const int NumberBytes = sizeof(long);

    // No other run's images are this one's.
    private readonly byte[] _run = Guid.NewGuid().ToByteArray();

    private LoadImages(IReadOnlyList<byte[]> files) => Known = [.. files.Select(file => Numbered(file, number: 0))];

    /// <summary>To be sent once before the load.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Known { get; }

    /// <summary>JPEGs of noise, the same for the same seed.</summary>
    /// <param name="side">Width and height, in pixels.</param>
    public static LoadImages Synthetic(int side, int seed)
    {
        var random = new Random(seed);
        return new LoadImages([.. Enumerable.Range(0, SyntheticImages).Select(_ => Noise(side, random))]);
    }

    /// <exception cref="Core.TaskResException">InvalidField; NoExamples; ImageTooLarge.</exception>
    public static async Task<LoadImages> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var files = new List<byte[]>();
        foreach (var path in ImageFiles.Expand([folder], "--images")) files.Add((await ImageFiles.ReadAsync(path, cancellationToken)).ToArray());
        return new LoadImages(files);
    }

    /// <param name="number">Above 0; another one is another image.</param>
    public ReadOnlyMemory<byte> Fresh(long number) => Numbered(Known[(int)(number % Known.Count)][..^(_run.Length + NumberBytes)].Span, number);

    // Decoders read no further than an image's end.
    private byte[] Numbered(ReadOnlySpan<byte> file, long number)
    {
        var image = new byte[file.Length + _run.Length + NumberBytes];
        file.CopyTo(image);
        _run.CopyTo(image.AsSpan(file.Length));
        BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan(file.Length + _run.Length), number);
        return image;
    }

    private static byte[] Noise(int side, Random random)
    {
        using var bitmap = new SKBitmap(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque);
        random.NextBytes(bitmap.GetPixelSpan());
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, JpegQuality);
        return jpeg.ToArray();
    }
}
