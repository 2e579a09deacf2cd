using TaskRes.Core.Clip;

namespace TaskRes.Core.Tests.Clip.Siglip;

/// <summary>SigLIP against a second implementation in double precision.</summary>
public sealed class SiglipEncoderTests : IDisposable
{
    private static readonly int[][] Texts = [[7, 3, 49, 1], [2], [4, 8, 15, 16, 23, 42, 9, 1]];

    private readonly SiglipFolder _model = new SiglipFolder().Write();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void EncodeTexts_RandomWeights_EqualsTheNaiveTower()
    {
        using var encoder = Load();

        var rows = encoder.EncodeTexts(Texts);

        for (var i = 0; i < Texts.Length; i++) AssertClose(new NaiveSiglip(_model).Text(Texts[i]), rows[i]);
    }

    [Fact]
    public void EncodeImages_RandomWeights_EqualsTheNaiveTower()
    {
        using var encoder = Load();
        var images = Images(3);

        var rows = encoder.EncodeImages([.. images.SelectMany(image => image)], images.Length);

        for (var i = 0; i < images.Length; i++) AssertClose(new NaiveSiglip(_model).Image(images[i]), rows[i]);
    }

    [Fact]
    public void Encode_ABatch_EqualsOneByOne()
    {
        using var encoder = Load();
        var images = Images(5);

        var (batch, texts) = (encoder.EncodeImages([.. images.SelectMany(image => image)], images.Length), encoder.EncodeTexts(Texts));

        for (var i = 0; i < images.Length; i++) AssertClose([.. batch[i].Select(value => (double)value)], encoder.EncodeImages(images[i], 1)[0]);
        for (var i = 0; i < Texts.Length; i++) AssertClose([.. texts[i].Select(value => (double)value)], encoder.EncodeTexts([Texts[i]])[0]);
    }

    [Fact]
    public void EncodeTexts_PaddedByTheCaller_IsTheSame()
    {
        using var encoder = Load();

        var rows = encoder.EncodeTexts([[7, 3, 49], [7, 3, 49, 1, 1, 1, 1, 1]]);

        AssertClose([.. rows[0].Select(value => (double)value)], rows[1]);
    }

    [Fact]
    public void Load_Siglip_TellsWhatItIs()
    {
        using var encoder = Load();

        Assert.Equal(
            ("SigLIP-64w2l/8@32px", 64, 32, 8, 50),
            (encoder.Info.Architecture, encoder.Info.EmbeddingDimension, encoder.Info.ImageSize, encoder.Info.ContextLength, encoder.Info.VocabularySize));
        Assert.Equal((MathF.Exp(4.7f), -12.9f), (encoder.Info.LogitScale, encoder.Info.LogitBias));
        Assert.True(encoder.Preprocessor.Options.Squash);
        Assert.Equal([0.5f, 0.5f, 0.5f], encoder.Preprocessor.Options.Mean);
        Assert.False(encoder.HasTokenizer);
    }

    [Fact]
    public void Load_OtherPadding_HasAnotherFingerprint()
    {
        using var encoder = Load();
        _model.Text["pad_token_id"] = 0;
        _model.Write();
        using var other = Load();

        Assert.NotEqual(encoder.Info.Fingerprint, other.Info.Fingerprint);
    }

    [Theory]
    [InlineData(new int[0], ErrorReason.InvalidField)]
    [InlineData(new[] { 50 }, ErrorReason.InvalidField)]
    [InlineData(new[] { -1 }, ErrorReason.InvalidField)]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, ErrorReason.LimitExceeded)]
    public void EncodeTexts_IdsThatDoNotFit_AreRefused(int[] ids, ErrorReason reason)
    {
        using var encoder = Load();

        var error = Assert.Throws<TaskResException>(() => encoder.EncodeTexts([[5], ids]));

        Assert.Equal((reason, "ids[1]"), (error.Reason, error.Field));
    }

    [Fact]
    public void Load_ImagesOfAnySize_IsRefused()
    {
        _model.ModelType = "siglip2";
        _model.Write();

        Assert.Equal(ErrorReason.CheckpointUnsupported, Assert.Throws<TaskResException>(Load).Reason);
    }

    [Fact]
    public void Load_AnotherActivation_IsRefused()
    {
        _model.Vision["hidden_act"] = "relu";
        _model.Write();

        Assert.Equal(ErrorReason.CheckpointUnsupported, Assert.Throws<TaskResException>(Load).Reason);
    }

    [Theory]
    [InlineData("text_model.head.weight")]
    [InlineData("vision_model.embeddings.position_embedding.weight")]
    [InlineData("vision_model.head.mlp.fc1.bias")]
    [InlineData("logit_bias")]
    public void Load_TensorMissing_IsRefused(string name)
    {
        _model.Tensors.Remove(name);
        _model.Write();

        Assert.Equal(ErrorReason.CheckpointMismatch, Assert.Throws<TaskResException>(Load).Reason);
    }

    [Fact]
    public void Load_ConfigurationContradictsTheTensors_IsRefused()
    {
        _model.Vision["image_size"] = 64;
        _model.Text["pad_token_id"] = 50;
        _model.Write();

        var error = Assert.Throws<TaskResException>(Load);

        Assert.Equal(ErrorReason.CheckpointMismatch, error.Reason);
        Assert.Contains("image_size", error.Message, StringComparison.Ordinal);
        Assert.Contains("pad_token_id", error.Message, StringComparison.Ordinal);
    }

    private ClipEncoder Load() => ClipEncoder.Load(new ClipLoadOptions { Path = _model.Path, Precision = Precision.Fp32, Device = "cpu" });

    private static float[][] Images(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 3 * SiglipFolder.ImageSize * SiglipFolder.ImageSize).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray())];
    }

    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++) Assert.InRange(actual[i], expected[i] - (2e-5 * scale), expected[i] + (2e-5 * scale));
    }
}
