using System.Numerics.Tensors;
using TaskRes.Core.Images;

namespace TaskRes.Core.Tests.Images;

public sealed class FastDecodingTests
{
    [Theory]
    [InlineData(60)] // a half
    [InlineData(24)] // a quarter
    [InlineData(8)] // an eighth
    public void Preprocess_LargeJpeg_HardlyDiffers(int size)
    {
        var photo = TestImages.GoldenFile("a_420.jpg"); // 160×120

        var (exact, fast) = (Preprocess(photo, size, isFast: false), Preprocess(photo, size, isFast: true));

        Assert.NotEqual(exact, fast);
        Assert.InRange(TensorPrimitives.CosineSimilarity<float>(exact, fast), 0.99f, 1.001f);
    }

    [Theory]
    [InlineData("a_420.jpg", 64)] // its half is smaller than the crop
    [InlineData("g.webp", 16)]
    [InlineData("f_rgba.png", 16)]
    public void Preprocess_SmallOrNoJpeg_IsExact(string name, int size)
    {
        var image = TestImages.GoldenFile(name);

        Assert.Equal(Preprocess(image, size, isFast: false), Preprocess(image, size, isFast: true));
    }

    [Fact]
    public void Preprocess_TrainingView_IsExact()
    {
        var photo = TestImages.GoldenFile("a_420.jpg");

        Assert.Equal(Preprocess(photo, 24, isFast: false, view: 3), Preprocess(photo, 24, isFast: true, view: 3));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public void Preprocess_TurnedJpeg_IsUpright(byte orientation)
    {
        var photo = TestImages.Oriented(TestImages.GoldenFile("a_420.jpg"), orientation);

        Assert.InRange(TensorPrimitives.CosineSimilarity<float>(Preprocess(photo, 24, isFast: false), Preprocess(photo, 24, isFast: true)), 0.99f, 1.001f);
    }

    private static float[] Preprocess(byte[] image, int size, bool isFast, int view = 0)
    {
        var preprocessor = new ImagePreprocessor(new PreprocessOptions { Size = size, FastDecoding = isFast }, new ImageLimits());
        var pixels = new float[preprocessor.ElementCount];
        preprocessor.Preprocess(image, view, pixels);
        return pixels;
    }
}
