using System.Runtime.InteropServices;
using SkiaSharp;
using TaskRes.Core.Images;

namespace TaskRes.Core.Tests.Images;

public sealed class TurboJpegTests
{
    public TurboJpegTests() => Assert.SkipUnless(NativeLibrary.TryLoad("libturbojpeg.so.0", out _), "libturbojpeg is not installed");

    [Fact]
    public void IsPresent_LibraryInstalled_AgreesWithSkia() => Assert.True(TurboJpeg.IsPresent);

    [Theory]
    [InlineData("a_420.jpg")]
    [InlineData("b_444_progressive.jpg")]
    [InlineData("c_gray.jpg")]
    public void TryDecode_SoundJpeg_PixelsOfSkia(string name)
    {
        var jpeg = TestImages.GoldenFile(name);
        foreach (var scale in new[] { 1, 0.5f, 0.25f, 0.125f })
        {
            var (width, height, expected) = DecodeBySkia(jpeg, scale);
            var actual = new byte[expected.Length];

            Assert.True(TurboJpeg.TryDecode(jpeg, width, height, actual));
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void TryDecode_Cmyk_LeftToSkia() => Assert.False(TryDecode(TestImages.GoldenFile("d_cmyk.jpg")));

    [Fact]
    public void TryDecode_Damaged_LeftToSkia()
    {
        var jpeg = TestImages.GoldenFile("a_420.jpg");

        Assert.False(TryDecode([.. jpeg[..(jpeg.Length / 2)], 0xFF, 0xD9]));
        Assert.False(TryDecode(jpeg[..20]));
        Assert.False(TryDecode([]));
    }

    private static bool TryDecode(byte[] jpeg) => TurboJpeg.TryDecode(jpeg, 160, 120, new byte[4 * 160 * 120]);

    private static unsafe (int Width, int Height, byte[] Rgba) DecodeBySkia(byte[] jpeg, float scale)
    {
        using var data = SKData.CreateCopy(jpeg);
        using var codec = SKCodec.Create(data);
        var size = codec.GetScaledDimensions(scale);
        var rgba = new byte[4 * size.Width * size.Height];
        fixed (byte* pixels = rgba)
            Assert.Equal(SKCodecResult.Success, codec.GetPixels(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), (nint)pixels));
        return (size.Width, size.Height, rgba);
    }
}
