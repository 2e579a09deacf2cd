using TaskRes.Core.Images;

namespace TaskRes.Core.Tests.Images;

public sealed class InterpolationTests
{
    /// <summary>Pillow 9.4's BILINEAR of the same image.</summary>
    [Theory]
    [InlineData(4, 3, "3e6ea3918da386a565898f808d836b7570784e77739b6e88558aba63986b86bb65699e50")]
    [InlineData(9, 4, "174c8130659a6d86bb9b9ec564998e669b9092a351919b504b80b581b6809a8899a85f949a5b6f639838659a3a917366b46297b57fb4568b556f5c6e7d76696fa465386da23a6fa4669b7d889a6b8a5489558abf6ea3d8578ca4447952a2d74ca4d94e669b574f844f89be33")]
    public void Resize_Bilinear_IsPillowsToTheBit(int width, int height, string expected)
    {
        var image = new PixelImage(7, 5, [.. from y in Enumerable.Range(0, 5) from x in Enumerable.Range(0, 7) from c in Enumerable.Range(0, 3) select (byte)((x * x * 37) + (y * 91) + (c * 53))]);

        var resized = Resampler.Resize(image, new Region(0, 0, 7, 5), (width, height), new Region(0, 0, width, height), Interpolation.Bilinear);

        Assert.Equal(expected, Convert.ToHexStringLower(resized.Rgb));
    }

    [Fact]
    public void Crop_Bilinear_IsNotTheBicubicOne()
    {
        var image = TestImages.Preprocessor().Decode(TestImages.GoldenFile("a_420.jpg"));
        byte[] Crop(Interpolation interpolation) => new ImagePreprocessor(new PreprocessOptions { Size = 32, Interpolation = interpolation }, new ImageLimits()).Crop(image).Rgb;

        Assert.NotEqual(Crop(Interpolation.Bicubic), Crop(Interpolation.Bilinear));
    }
}
