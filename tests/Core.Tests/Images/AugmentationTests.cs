using TaskRes.Core.Images;

namespace TaskRes.Core.Tests.Images;

public sealed class AugmentationTests
{
    [Fact]
    public void Next_SeedZero_PublishedSequence()
    {
        var random = new SplitMix64(0);
        Assert.Equal(0xE220A8397B1DCDAF, random.Next());
        Assert.Equal(0x6E789E6AA1B965F4u, random.Next());
    }

    [Theory]
    [InlineData(640, 480)]
    [InlineData(224, 224)]
    [InlineData(40, 1000)]
    [InlineData(8, 8)]
    public void RandomPart_ManySeeds_InsideTheImageAndWithinItsRanges(int width, int height)
    {
        for (ulong seed = 0; seed < 2000; seed++)
        {
            var random = new SplitMix64(seed);
            var part = Geometry.RandomPart(width, height, ref random);
            Assert.True(part is { Left: >= 0, Top: >= 0, Width: > 0, Height: > 0 });
            Assert.True(part.Left + part.Width <= width && part.Top + part.Height <= height);
            // Sides are rounded to whole pixels: by half a pixel each.
            Assert.True((part.Width + 0.5) * (part.Height + 0.5) >= 0.08 * width * height || height > 20 * width);
            Assert.InRange((part.Width + 0.5) / (part.Height - 0.5), 0.75, double.MaxValue);
            Assert.InRange((part.Width - 0.5) / (part.Height + 0.5), 0, 4.0 / 3);
        }
    }

    [Fact]
    public void RandomPart_ManySeeds_SpreadOverTheWholeRange()
    {
        var areas = new List<double>();
        for (ulong seed = 0; seed < 2000; seed++)
        {
            var random = new SplitMix64(seed);
            var part = Geometry.RandomPart(1000, 1000, ref random);
            areas.Add(part.Width * part.Height / 1e6);
        }
        Assert.InRange(areas.Min(), 0.079, 0.09);
        Assert.InRange(areas.Max(), 0.95, 1);
        // Even in 0.08…1, but for the largest, which fit only when nearly square.
        Assert.InRange(areas.Average(), 0.45, 0.50);
    }

    [Fact]
    public void RandomPart_NoneFits_LargestInTheMiddle()
    {
        var random = new SplitMix64(1);
        Assert.Equal(new Region(0, 99, 1, 1), Geometry.RandomPart(1, 200, ref random));
    }

    [Fact]
    public void Augment_SameSeed_SameCropAndOthersDiffer()
    {
        var preprocessor = TestImages.Preprocessor();
        var image = preprocessor.Decode(TestImages.GoldenFile("a_420.jpg"));
        var crops = Enumerable.Range(0, 50).Select(seed => Convert.ToHexString(preprocessor.Augment(image, (ulong)seed).Rgb)).ToList();
        Assert.Equal(50, crops.Distinct().Count());
        Assert.Equal(crops[7], Convert.ToHexString(preprocessor.Augment(image, 7).Rgb));
    }

    [Fact]
    public void Augment_ManySeeds_MirroredHalfOfTheTime()
    {
        // Red falls from left to right, and rises where the crop is mirrored.
        var preprocessor = TestImages.Preprocessor(size: 8);
        var ramp = new PixelImage(64, 64, [.. Enumerable.Range(0, 64 * 64).SelectMany(i => new[] { (byte)(252 - 4 * (i % 64)), (byte)0, (byte)0 })]);
        var mirrored = Enumerable.Range(0, 400).Count(seed => preprocessor.Augment(ramp, (ulong)seed).Rgb is var crop && crop[0] < crop[3 * 7]);
        Assert.InRange(mirrored, 160, 240);
    }

    [Fact]
    public void Resize_Region_AsIfCutOutFirst()
    {
        var image = TestImages.Preprocessor().Decode(TestImages.GoldenFile("a_420.jpg"));
        var region = new Region(5, 3, 20, 17);
        var cut = new PixelImage(region.Width, region.Height, [.. Enumerable.Range(region.Top, region.Height)
            .SelectMany(row => image.Rgb[(3 * (row * image.Width + region.Left))..(3 * (row * image.Width + region.Left + region.Width))])]);
        Assert.Equal(
            Resampler.Resize(cut, new Region(0, 0, 20, 17), (31, 9), new Region(0, 0, 31, 9)).Rgb,
            Resampler.Resize(image, region, (31, 9), new Region(0, 0, 31, 9)).Rgb);
    }

    [Fact]
    public void Preprocess_Views_RepeatableAndDistinct()
    {
        var encoded = TestImages.GoldenFile("a_420.jpg");
        float[][] First() => [.. Enumerable.Range(0, 4).Select(view => View(encoded, view))];
        var (views, again) = (First(), First());
        Assert.Equal(views, again);
        Assert.Equal(4, views.Select(view => string.Join(' ', view)).Distinct().Count());
        Assert.NotEqual(View(TestImages.GoldenFile("b_444_progressive.jpg"), 1), views[1]);
    }

    private static float[] View(byte[] encoded, int view)
    {
        var preprocessor = TestImages.Preprocessor();
        var values = new float[preprocessor.ElementCount];
        preprocessor.Preprocess(encoded, view, values);
        return values;
    }
}
