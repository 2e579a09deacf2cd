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

        Assert.InRange(Vectors.LeastCosine(golden.ImageFeatures, images), 0.999f, 1.001f);
        Assert.InRange(Vectors.LeastCosine(golden.TextFeatures, texts), 0.999f, 1.001f);
    }

    [Theory]
    [InlineData("vit", 3)]
    [InlineData("rn", 2)]
    public void Load_EveryForm_HasOneFingerprint(string model, int forms)
    {
        var fingerprints = Files.Select(row => row.Data).Where(row => row.Item1 == model).Select(row =>
        {
            using var golden = new GoldenModel(ReferenceData.Golden(model), row.Item2);
            using var encoder = golden.Load(row.Item2 == "hf" ? Precision.Bf16 : Precision.Fp32);
            return encoder.Info.Fingerprint;
        }).ToList();

        Assert.Equal(forms, fingerprints.Count);
        Assert.Single(fingerprints.Distinct());
        Assert.Matches("^[0-9a-f]{64}$", fingerprints[0]);
    }

    [Fact]
    public void Load_OtherActivationOrPreprocessing_HasAnotherFingerprint()
    {
        var options = new ClipLoadOptions { Path = ReferenceData.Golden("vit", "openai.safetensors"), Device = "cpu", Precision = Precision.Fp32 };
        string[] fingerprints = [.. new[] { options, options with { Activation = Activation.Gelu }, options with { ApplyExifOrientation = false }, options with { FastDecoding = true } }.Select(each =>
        {
            using var encoder = ClipEncoder.Load(each);
            return encoder.Info.Fingerprint;
        })];

        Assert.Equal(4, fingerprints.Distinct().Count());
    }

    [Fact]
    public void Load_SmallVit_DescribesItself()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "hf");
        using var encoder = golden.Load(Precision.Bf16);

        var info = encoder.Info;
        Assert.Equal(("hf", "ViT-64w2l/8@32px", 32, 32, 16, 640), (info.Name, info.Architecture, info.EmbeddingDimension, info.ImageSize, info.ContextLength, info.VocabularySize));
        Assert.Equal((Precision.Bf16, "cpu"), (info.Precision, info.Device));
        Assert.InRange(info.WeightBytes, 2 * info.Parameters, 4 * info.Parameters);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Encode_OneByOne_EqualsTheBatchInAnyOrder(string model, string file)
    {
        using var golden = new GoldenModel(ReferenceData.Golden(model), file);
        using var encoder = golden.Load();
        var size = encoder.Preprocessor.ElementCount;
        var reversed = golden.Pixels.Chunk(size).Reverse().SelectMany(image => image).ToArray();

        var batch = encoder.EncodeImages(golden.Pixels, golden.Images);
        var single = golden.Pixels.Chunk(size).Select(image => encoder.EncodeImages(image, 1)[0]).ToArray();
        var backwards = encoder.EncodeImages(reversed, golden.Images).Reverse().ToArray();

        Assert.InRange(Vectors.RelativeError(batch, single), 0, 1e-5f);
        Assert.InRange(Vectors.RelativeError(batch, backwards), 0, 1e-5f);
    }

    [Fact]
    public void EncodeTexts_ShortBesideLong_EqualsEachAlone()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "hf");
        using var encoder = golden.Load();
        int[][] ids = [[638, 5, 639], [638, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 639], [638, 639], [638, 7, 8, 639, 0, 0]];

        var batch = encoder.EncodeTexts(ids);
        var single = ids.Select(row => encoder.EncodeTexts([row])[0]).ToArray();
        var padded = encoder.EncodeTexts([.. ids.Select(row => row.Concat(Enumerable.Repeat(639, 16)).Take(16).ToArray())]);

        Assert.InRange(Vectors.RelativeError(batch, single), 0, 1e-5f);
        Assert.InRange(Vectors.RelativeError(batch, padded), 0, 1e-5f);
    }

    [Fact]
    public void EncodeImages_MoreThanABatch_KeepsTheirOrder()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "openai.safetensors");
        using var encoder = golden.Load();
        var many = Enumerable.Repeat(golden.Pixels, 5).SelectMany(pixels => pixels).ToArray();

        var rows = encoder.EncodeImages(many, 5 * golden.Images);

        Assert.InRange(Vectors.RelativeError([.. Enumerable.Repeat(golden.ImageFeatures, 5).SelectMany(features => features)], rows), 0, Tolerance);
    }

    [Fact]
    public void Encode_FromSeveralThreads_IsTheReference()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "openai.safetensors");
        using var encoder = golden.Load();
        var (pixels, expected) = (golden.Pixels, golden.ImageFeatures);

        Parallel.For(0, 8, _ => Assert.InRange(Vectors.RelativeError(expected, encoder.EncodeImages(pixels, expected.Length)), 0, Tolerance));
    }

    [Fact]
    public void Encode_Nothing_IsNothing()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "openai.safetensors");
        using var encoder = golden.Load();

        Assert.Empty(encoder.EncodeImages([], 0));
        Assert.Empty(encoder.EncodeTexts([]));
        Assert.Empty(encoder.EmbedImages([]));
    }

    [Theory]
    [InlineData(new int[0], ErrorReason.InvalidField)]
    [InlineData(new[] { 638, 5 }, ErrorReason.InvalidField)]
    [InlineData(new[] { 638, 640, 639 }, ErrorReason.InvalidField)]
    [InlineData(new[] { 638, -1, 639 }, ErrorReason.InvalidField)]
    [InlineData(new[] { 638, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 639 }, ErrorReason.LimitExceeded)]
    public void EncodeTexts_BadIds_NamesTheRow(int[] ids, ErrorReason reason)
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "hf");
        using var encoder = golden.Load();

        var error = Assert.Throws<TaskResException>(() => encoder.EncodeTexts([[638, 639], ids]));

        Assert.Equal((reason, "ids[1]"), (error.Reason, error.Field));
    }

    [Fact]
    public void EncodeImages_WrongNumberOfPixels_IsInvalid()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "openai.safetensors");
        using var encoder = golden.Load();

        var error = Assert.Throws<TaskResException>(() => encoder.EncodeImages(new float[100], 1));

        Assert.Equal((ErrorReason.InvalidField, "pixels"), (error.Reason, error.Field));
    }

    [Fact]
    public void EmbedImages_Photos_IsTheReference()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "openai.safetensors");
        using var encoder = golden.Load();

        var rows = encoder.EmbedImages([.. golden.ImageNames.Select(name => (ReadOnlyMemory<byte>)File.ReadAllBytes(ReferenceData.Golden("images", name)))]);

        Assert.InRange(Vectors.LeastCosine(golden.ImageFeatures, rows), 0.9999f, 1.0001f);
    }

    [Fact]
    public void EmbedImages_OneUnreadable_NamesIt()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "openai.safetensors");
        using var encoder = golden.Load();
        var sound = File.ReadAllBytes(ReferenceData.Golden("images", golden.ImageNames[0]));

        var error = Assert.Throws<TaskResException>(() => encoder.EmbedImages([sound, new byte[] { 1, 2, 3 }]));

        Assert.Equal((ErrorReason.ImageUnreadable, "images[1]"), (error.Reason, error.Field));
    }

    [Fact]
    public void EmbedTexts_WithoutTokenizer_SaysHowToNameOne()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "openai.safetensors");
        using var encoder = golden.Load();

        var error = Assert.Throws<TaskResException>(() => encoder.EmbedTexts(["a photo"]));

        Assert.False(encoder.HasTokenizer);
        Assert.Equal(ErrorReason.TokenizerInvalid, error.Reason);
        Assert.Contains("--tokenizer", error.Message, StringComparison.Ordinal);
    }
}
