using System.Runtime.InteropServices;
using SkiaSharp;

namespace TaskRes.Core.Images;

/// <summary>
/// JPEGs by the machine's own libjpeg-turbo, where there is one: the same arithmetic as Skia's copy of it, which is built
/// without vector instructions, and so the same pixels sooner.
/// </summary>
internal static unsafe partial class TurboJpeg
{
    // The version whose functions are of one shape since libjpeg-turbo 1.4.
    private const string Library = "libturbojpeg.so.0";
    private const string Init = "tjInitDecompress", Header = "tjDecompressHeader3", Pixels = "tjDecompress2", Free = "tjDestroy";
    private const int Rgba = 7, StopOnWarning = 8192, MostScans = 32768;

    // Of turbojpeg.h: 4:4:4, 4:2:2, 4:2:0 and grey; YCbCr and grey. What else there is, Skia decodes.
    private static readonly int[] Samplings = [0, 1, 2, 3], Colours = [1, 2];

    private static readonly Lazy<bool> Present = new(() =>
        NativeLibrary.TryLoad(Library, out var library) && new[] { Init, Header, Pixels, Free }.All(name => NativeLibrary.TryGetExport(library, name, out _)) && AgreesWithSkia());

    /// <summary>Whether the library is there and gives Skia's pixels.</summary>
    public static bool IsPresent => Present.Value;

    /// <summary>Decodes a sound JPEG of the usual kinds; of any other it is for Skia to say what is wrong, or to decode it.</summary>
    /// <param name="width">The image's, or its half, quarter or eighth, rounded up.</param>
    /// <param name="rgba">4·width·height bytes.</param>
    public static bool TryDecode(ReadOnlySpan<byte> jpeg, int width, int height, Span<byte> rgba) => IsPresent && Decode(jpeg, width, height, rgba);

    private static bool Decode(ReadOnlySpan<byte> jpeg, int width, int height, Span<byte> rgba)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rgba.Length, 4 * width * height);
        var decompressor = InitDecompress();
        if (decompressor == 0) return false;
        try
        {
            fixed (byte* encoded = jpeg)
            fixed (byte* pixels = rgba)
                return DecompressHeader(decompressor, encoded, (nuint)jpeg.Length, out _, out _, out var sampling, out var colours) == 0
                    && Samplings.Contains(sampling) && Colours.Contains(colours)
                    && Decompress(decompressor, encoded, (nuint)jpeg.Length, pixels, width, 4 * width, height, Rgba, StopOnWarning | MostScans) == 0;
        }
        finally
        {
            _ = Destroy(decompressor);
        }
    }

    // Embeddings are cached and compared by what they were made of: a library that differs in a bit is not used.
    private static bool AgreesWithSkia()
    {
        const int width = 75, height = 45;
        var random = new Random(1);
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        random.NextBytes(bitmap.GetPixelSpan());
        using var pixmap = new SKPixmap(bitmap.Info, bitmap.GetPixels());
        return Enum.GetValues<SKJpegEncoderDownsample>().All(sampling =>
        {
            using var jpeg = pixmap.Encode(new SKJpegEncoderOptions(quality: 90, sampling, SKJpegEncoderAlphaOption.Ignore));
            using var codec = jpeg is null ? null : SKCodec.Create(jpeg);
            return codec is not null && new[] { 1, 0.5f, 0.25f, 0.125f }.All(scale => AgreesWithSkia(codec, jpeg!.AsSpan(), scale));
        });
    }

    private static bool AgreesWithSkia(SKCodec codec, ReadOnlySpan<byte> jpeg, float scale)
    {
        var size = codec.GetScaledDimensions(scale);
        byte[] expected = new byte[4 * size.Width * size.Height], actual = new byte[expected.Length];
        fixed (byte* pixels = expected) codec.GetPixels(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), (nint)pixels);
        return Decode(jpeg, size.Width, size.Height, actual) && actual.AsSpan().SequenceEqual(expected);
    }

    [LibraryImport(Library, EntryPoint = Init)]
    private static partial nint InitDecompress();

    [LibraryImport(Library, EntryPoint = Header)]
    private static partial int DecompressHeader(nint decompressor, byte* jpeg, nuint bytes, out int width, out int height, out int sampling, out int colours);

    [LibraryImport(Library, EntryPoint = Pixels)]
    private static partial int Decompress(nint decompressor, byte* jpeg, nuint bytes, byte* pixels, int width, int pitch, int height, int format, int flags);

    [LibraryImport(Library, EntryPoint = Free)]
    private static partial int Destroy(nint decompressor);
}
