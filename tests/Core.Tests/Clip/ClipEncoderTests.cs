using System.Numerics.Tensors;
using TaskRes.Core.Clip;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Clip;

public sealed class ClipEncoderTests
{
    private const float Tolerance = 1e-4f;

    public static TheoryData<string, string> Files => new()
    {
        { "vit", "openai.pt" }, { "vit", "openai.safetensors" }, { "vit", "hf" }, { "rn", "openai.pt" }, { "rn", "openai.safetensors" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Encode_InFloat32_IsTheReference(string model, string file)
    {
        using var golden = new GoldenModel(ReferenceData.Golden(model), file);
        using var encoder = golden.Load();

        var images = encoder.EncodeImages(golden.Pixels, golden.Images);
        var texts = encoder.EncodeTexts(golden.Ids);

        var logits = images.Select(image => texts.Select(text => encoder.Info.LogitScale * TensorPrimitives.CosineSimilarity(image, text)).ToArray()).ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"image {Vectors.RelativeError(golden.ImageFeatures, images):E1} text {Vectors.RelativeError(golden.TextFeatures, texts):E1} logits {Vectors.RelativeError(golden.Logits, logits):E1}");
        Assert.InRange(Vectors.RelativeError(golden.ImageFeatures, images), 0, Tolerance);
        Assert.InRange(Vectors.RelativeError(golden.TextFeatures, texts), 0, Tolerance);
        Assert.InRange(Vectors.RelativeError(golden.Logits, logits), 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Encode_InBfloat16_KeepsTheDirection(string model, string file)
    {
        using var golden = new GoldenModel(ReferenceData.Golden(model), file);
        using var encoder = golden.Load(Precision.Bf16);

        var images = encoder.EncodeImages(golden.Pixels, golden.Images);
        var texts = encoder.EncodeTexts(golden.Ids);

        TestContext.Current.TestOutputHelper!.WriteLine($"image {Vectors.LeastCosine(golden.ImageFeatures, images)} text {Vectors.LeastCosine(golden.TextFeatures, texts)}");
        Assert.InRange(Vectors.LeastCosine(golden.ImageFeatures, images), 0.999f, 1.001f);
        Assert.InRange(Vectors.LeastCosine(golden.TextFeatures, texts), 0.999f, 1.001f);
    }
}
