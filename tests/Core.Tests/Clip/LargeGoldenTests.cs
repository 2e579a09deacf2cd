using System.Text.Json;
using TaskRes.Core.Clip;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Clip;

/// <summary>The whole way, photos and sentences to embeddings, on the large reference models.</summary>
public sealed class LargeGoldenTests
{
    private const float Tolerance = 1e-4f;
    private const int ReferenceTexts = 32;

    public static TheoryData<string, string> Files => new()
    {
        { "vit", "openai.pt" }, { "vit", "hf" }, { "rn", "openai.pt" }, { "rn", "openai.safetensors" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Encode_ReferencePixels_IsTheReference(string model, string file)
    {
        using var golden = new GoldenModel(ReferenceData.Shared("golden", model), file);
        using var encoder = golden.Load();

        Assert.InRange(Vectors.RelativeError(golden.ImageFeatures, encoder.EncodeImages(golden.Pixels, golden.Images)), 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Embed_PhotosAndSentences_IsTheReference(string model, string file)
    {
        using var golden = new GoldenModel(ReferenceData.Shared("golden", model), file);
        using var encoder = golden.Load(tokenizer: ReferenceData.Shared("golden", "vit", "hf"));
        var sentences = Sentences();

        var texts = encoder.EmbedTexts(sentences);
        var images = encoder.EmbedImages([.. golden.ImageNames.Select(name => (ReadOnlyMemory<byte>)File.ReadAllBytes(ReferenceData.Shared("golden", "images", name)))]);

        Assert.InRange(Vectors.RelativeError(golden.TextFeatures, texts), 0, Tolerance);
        Assert.InRange(Vectors.LeastCosine(golden.ImageFeatures, images), 0.9999f, 1.0001f);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Encode_InBfloat16_KeepsTheDirection(string model, string file)
    {
        using var golden = new GoldenModel(ReferenceData.Shared("golden", model), file);
        using var encoder = golden.Load(Precision.Bf16, ReferenceData.Shared("golden", "vit", "hf"));

        Assert.InRange(Vectors.LeastCosine(golden.ImageFeatures, encoder.EncodeImages(golden.Pixels, golden.Images)), 0.999f, 1.001f);
        Assert.InRange(Vectors.LeastCosine(golden.TextFeatures, encoder.EmbedTexts(Sentences())), 0.999f, 1.001f);
    }

    [Fact]
    public void Load_SameTokenizer_SameFingerprintInEveryForm()
    {
        var fingerprints = new[] { "openai.pt", "hf" }.Select(file =>
        {
            using var golden = new GoldenModel(ReferenceData.Shared("golden", "vit"), file);
            using var encoder = golden.Load(tokenizer: ReferenceData.Shared("golden", "vit", "hf"));
            return encoder.Info.Fingerprint;
        });

        Assert.Single(fingerprints.Distinct());
    }

    [Fact]
    public void Load_TokenizerOfAnotherModel_IsInvalid()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "openai.safetensors");

        var error = Assert.Throws<TaskResException>(() => golden.Load(tokenizer: ReferenceData.Shared("golden", "vit", "hf")));

        Assert.Equal(ErrorReason.TokenizerInvalid, error.Reason);
        Assert.Contains("49408", error.Message, StringComparison.Ordinal);
    }

    private static string[] Sentences()
    {
        using var tokens = JsonDocument.Parse(File.ReadAllBytes(ReferenceData.Shared("golden", "tokens.json")));
        return [.. tokens.RootElement.EnumerateArray().Take(ReferenceTexts).Select(item => item.GetProperty("text").GetString()!)];
    }
}
