using TaskRes.Core.Images;

namespace TaskRes.Core.Tests.Images;

public sealed class SquashTests
{
    private const int Side = 16;

    [Fact]
    public void Crop_Squashed_KeepsBothEndsOfAWideImage()
    {
        var image = Halves(64, Side);

        var squashed = new ImagePreprocessor(new PreprocessOptions { Size = Side, Squash = true }, new ImageLimits()).Crop(image);

        Assert.Equal((Side, Side), (squashed.Width, squashed.Height));
        Assert.All(Enumerable.Range(0, Side), row => Assert.Equal([255, 0, 0], Pixel(squashed, 0, row)));
        Assert.All(Enumerable.Range(0, Side), row => Assert.Equal([0, 0, 255], Pixel(squashed, Side - 1, row)));
    }

    [Fact]
    public void Crop_SquareImage_IsTheSameEitherWay()
    {
        var image = Halves(48, 48);
        PixelImage Crop(bool squash) => new ImagePreprocessor(new PreprocessOptions { Size = Side, Squash = squash }, new ImageLimits()).Crop(image);

        Assert.Equal(Crop(squash: false).Rgb, Crop(squash: true).Rgb);
    }

    /// <summary>Red on the left, blue on the right.</summary>
    private static PixelImage Halves(int width, int height) =>
        new(width, height, [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) from value in x < width / 2 ? new byte[] { 255, 0, 0 } : [0, 0, 255] select value]);

    private static byte[] Pixel(PixelImage image, int x, int y) => image.Rgb.AsSpan(3 * ((y * image.Width) + x), 3).ToArray();
}
