using TaskRes.Core.Images;

namespace TaskRes.Core.Tests.Images;

public sealed class ImageDecoderTests
{
    private static readonly byte[] RedBlue = [255, 0, 0, 0, 0, 255];

    [Fact]
    public void Decode_Gif_FirstFrame() => Assert.Equal(RedBlue, Decode(TestImages.Gif()).Rgb);

    [Fact]
    public void Decode_Bmp_Pixels() => Assert.Equal(RedBlue, Decode(TestImages.Bmp()).Rgb);

    [Fact]
    public void Decode_TransparentPng_ColoursKeptAndNotBlended()
    {
        var image = Decode(TestImages.Png(2, 1, TestImages.Rgba, 8, [200, 100, 50, 0, 7, 8, 9, 128]));
        Assert.Equal([200, 100, 50, 7, 8, 9], image.Rgb);
    }

    [Fact]
    public void Decode_SixteenBitGrey_ScaledToEightBits()
    {
        ushort[] samples = [0, 0x1234, 0x8000, 0xFFFF];
        var image = Decode(TestImages.Png(4, 1, TestImages.Grey, 16, [.. samples.SelectMany(sample => new[] { (byte)(sample >> 8), (byte)sample })]));
        for (var i = 0; i < samples.Length; i++)
            Assert.All(image.Rgb[(3 * i)..(3 * i + 3)], value => Assert.Equal(samples[i] >> 8, value));
    }

    [Fact]
    public void Decode_SinglePixel_CropsToOneColour()
    {
        var preprocessor = TestImages.Preprocessor();
        var image = preprocessor.Decode(TestImages.Png(1, 1, TestImages.Rgb, 8, [10, 20, 30]));
        Assert.All(preprocessor.Crop(image).Rgb.Chunk(3), pixel => Assert.Equal([10, 20, 30], pixel));
        Assert.All(preprocessor.Augment(image, 3).Rgb.Chunk(3), pixel => Assert.Equal([10, 20, 30], pixel));
    }

    // For each orientation, where the pixel at (x, y) of the upright image lies in the stored one of w × h.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Decode_ExifOrientation_TurnedUpright(byte orientation)
    {
        var jpeg = TestImages.GoldenFile("a_420.jpg");
        var stored = Decode(jpeg);
        var upright = Decode(TestImages.Oriented(jpeg, orientation));
        int w = stored.Width, h = stored.Height;
        Assert.NotEqual(w, h);
        Assert.Equal(orientation >= 5 ? (h, w) : (w, h), (upright.Width, upright.Height));

        for (var y = 0; y < upright.Height; y++)
            for (var x = 0; x < upright.Width; x++)
            {
                var (sx, sy) = orientation switch
                {
                    2 => (w - 1 - x, y),
                    3 => (w - 1 - x, h - 1 - y),
                    4 => (x, h - 1 - y),
                    5 => (y, x),
                    6 => (y, h - 1 - x),
                    7 => (w - 1 - y, h - 1 - x),
                    8 => (w - 1 - y, x),
                    _ => (x, y),
                };
                Assert.Equal(stored.Rgb.AsSpan(3 * (sy * w + sx), 3), upright.Rgb.AsSpan(3 * (y * upright.Width + x), 3));
            }
    }

    [Fact]
    public void Decode_OrientationOff_LeftAsStored()
    {
        var jpeg = TestImages.GoldenFile("a_420.jpg");
        var parity = new ImagePreprocessor(new PreprocessOptions { ApplyExifOrientation = false }, new ImageLimits());
        Assert.Equal(Decode(jpeg).Rgb, parity.Decode(TestImages.Oriented(jpeg, 6)).Rgb);
    }

    private static PixelImage Decode(byte[] encoded) => TestImages.Preprocessor().Decode(encoded);
}
