using TaskRes.Core.Clip;
using TaskRes.Core.Images;

namespace TaskRes.Core.Tests.Clip.OpenClip;

/// <summary>MobileCLIP-B in OpenCLIP's names against a second implementation in double precision.</summary>
public sealed class MobileClipTests : IDisposable
{
    private static readonly int[][] Texts = [[48, 7, 3, 49], [48, 49], [48, 4, 8, 15, 16, 23, 42, 49]];

    private readonly MobileClipFolder _model = new MobileClipFolder().Write();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void EncodeImages_RandomWeights_EqualsTheNaiveTower()
    {
        using var encoder = Load();
        var images = Images(3);

        var rows = encoder.EncodeImages([.. images.SelectMany(image => image)], images.Length);

        for (var i = 0; i < images.Length; i++) AssertClose(new NaiveMobileClip(_model).Image(images[i]), rows[i]);
    }

    [Fact]
    public void EncodeTexts_RandomWeights_EqualsTheNaiveTower()
    {
        using var encoder = Load();

        var rows = encoder.EncodeTexts(Texts);

        for (var i = 0; i < Texts.Length; i++) AssertClose(new NaiveMobileClip(_model).Text(Texts[i]), rows[i]);
    }

    [Fact]
    public void Encode_ABatch_EqualsOneByOne()
    {
        using var encoder = Load();
        var images = Images(5);

        var (batch, texts) = (encoder.EncodeImages([.. images.SelectMany(image => image)], images.Length), encoder.EncodeTexts(Texts));

        for (var i = 0; i < images.Length; i++) AssertClose(Wide(batch[i]), encoder.EncodeImages(images[i], 1)[0]);
        for (var i = 0; i < Texts.Length; i++) AssertClose(Wide(texts[i]), encoder.EncodeTexts([[.. Texts[i], 1, 2]])[0]);
    }

    [Theory]
    [InlineData(Precision.Bf16, 0.05)]
    [InlineData(Precision.Fp16, 0.01)]
    public void Encode_NarrowTypes_StayNear(Precision precision, double tolerance)
    {
        using var encoder = Load();
        using var narrow = Load(precision);
        var image = Images(1)[0];

        Assert.InRange(Vectors.RelativeError(encoder.EncodeImages(image, 1), narrow.EncodeImages(image, 1)), 0, tolerance);
        Assert.InRange(Vectors.RelativeError(encoder.EncodeTexts(Texts), narrow.EncodeTexts(Texts)), 0, tolerance);
    }

    [Fact]
    public void Load_MobileClip_TellsWhatItIs()
    {
        using var encoder = Load();

        Assert.Equal(
            ("MobileCLIP-128w2l/16@32px", MobileClipFolder.Embedding, 32, 8, 50),
            (encoder.Info.Architecture, encoder.Info.EmbeddingDimension, encoder.Info.ImageSize, encoder.Info.ContextLength, encoder.Info.VocabularySize));
        Assert.Equal((MathF.Exp(4.6f), 0), (encoder.Info.LogitScale, encoder.Info.LogitBias));
        Assert.Equal((MobileClipFolder.TextWidth, MobileClipFolder.Embedding), (encoder.TextProjection!.Rows, encoder.TextProjection.Columns));
        AssertPreprocessing(Interpolation.Bilinear, squash: false, [0, 0, 0], [1, 1, 1], encoder.Preprocessor.Options);
        Assert.Equal(encoder.Info.Fingerprint, ClipEncoder.FingerprintOf(Options()));
    }

    [Fact]
    public void Load_PreprocessingStated_IsDoneSo()
    {
        foreach (var (name, value) in new (string, object)[] { ("interpolation", "bicubic"), ("resize_mode", "squash"), ("mean", (float[])[0.1f, 0.2f, 0.3f]), ("std", (float[])[0.4f, 0.5f, 0.6f]) })
            _model.Preprocessing[name] = value;
        _model.Write();
        using var encoder = Load();

        AssertPreprocessing(Interpolation.Bicubic, squash: true, [0.1f, 0.2f, 0.3f], [0.4f, 0.5f, 0.6f], encoder.Preprocessor.Options);
    }

    [Theory]
    [InlineData("interpolation", "lanczos")]
    [InlineData("resize_mode", "longest")]
    public void Load_PreprocessingThatIsNotDone_IsRefused(string name, string value)
    {
        _model.Preprocessing[name] = value;
        _model.Write();

        Assert.Contains(value, Refused(ErrorReason.CheckpointUnsupported).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("visual.trunk.cls_token")]
    [InlineData("visual.trunk.patch_embed.backbone.0.bn.running_var")]
    [InlineData("visual.trunk.head.bias")]
    [InlineData("visual.trunk.blocks.1.attn.qkv.weight")]
    [InlineData("text.text_projection")]
    public void Fingerprint_AnyWeightChanged_IsAnother(string name)
    {
        var before = ClipEncoder.FingerprintOf(Options());
        _model.Tensors[name].Values[0] += 0.01f;
        _model.Write();

        Assert.NotEqual(before, ClipEncoder.FingerprintOf(Options()));
    }

    [Fact]
    public void Load_ProjectionStoredAsALayer_IsTheSameModel()
    {
        using var encoder = Load();
        Assert.True(_model.Tensors.Remove("text.text_projection", out var projection));
        var (rows, columns) = ((int)projection.Shape[0], (int)projection.Shape[1]);
        _model.Tensors["text.text_projection.weight"] = ([.. Enumerable.Range(0, columns).SelectMany(column => Enumerable.Range(0, rows).Select(row => projection.Values[(row * columns) + column]))], [columns, rows]);
        _model.Write();
        using var layer = Load();

        Assert.Equal(encoder.Info.Fingerprint, layer.Info.Fingerprint);
        Assert.Equal(encoder.EncodeTexts(Texts), layer.EncodeTexts(Texts));
    }

    [Theory]
    [InlineData("visual.trunk.patch_embed.backbone.1.bn.running_mean", "visual.stem.1.bn.running_mean")]
    [InlineData("visual.trunk.patch_embed.backbone.2.conv.bias", "visual.stem.2.conv.bias")]
    [InlineData("visual.trunk.pos_embed", "visual.positional_embedding")]
    [InlineData("visual.trunk.head.bias", "visual.head.bias")]
    [InlineData("text.ln_final.weight", "ln_final.weight")]
    public void Load_TensorMissing_IsRefusedByName(string name, string missing)
    {
        _model.Tensors.Remove(name);
        _model.Write();

        Assert.Equal(missing, Refused(ErrorReason.CheckpointMismatch).Metadata["missing"]);
    }

    [Theory]
    [InlineData("visual.trunk.norm_pre.weight")]
    [InlineData("text.cls_emb")]
    public void Load_TensorTooMany_IsRefusedByName(string name)
    {
        _model.Add(name, 1, 3);
        _model.Write();

        Assert.Equal(name.Replace("text.", "", StringComparison.Ordinal), Refused(ErrorReason.CheckpointMismatch).Metadata["extra"]);
    }

    [Fact]
    public void Load_TensorsThatComeToOneName_AreRefusedByName()
    {
        foreach (var name in new[] { "scale", "text.scale", "text.text.scale" }) _model.Add(name, 1, 3);
        _model.Write();

        Assert.Contains("scale", Refused(ErrorReason.CheckpointMismatch).Metadata["extra"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("visual.trunk.patch_embed.backbone.0.conv.weight", "visual.stem.0.conv.weight", 12, 3, 2, 4)]
    [InlineData("visual.trunk.pos_embed", "visual.positional_embedding", 1, 5, 128)]
    [InlineData("visual.trunk.cls_token", "visual.class_embedding", 1, 2, 128)]
    public void Load_TensorOfAnotherShape_IsRefusedByName(string name, string misshapen, params int[] shape)
    {
        _model.Add(name, 1, [.. shape.Select(size => (long)size)]);
        _model.Write();

        Assert.Contains(misshapen, Refused(ErrorReason.CheckpointMismatch).Metadata["misshapen"], StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TruncatedFile_IsRefused()
    {
        var bytes = File.ReadAllBytes(_model.File("open_clip_model.safetensors"));
        File.WriteAllBytes(_model.File("open_clip_model.safetensors"), bytes[..^100]);

        Refused(ErrorReason.CheckpointCorrupt);
    }

    [Theory]
    [InlineData("visual.trunk.stem.0.conv_kxk.0.conv.weight")] // the FastViT of MobileCLIP-S1 and -S2
    [InlineData("visual.trunk.stages.0.blocks.0.conv.weight")]
    [InlineData("image_encoder.model.patch_emb.0.block.conv.weight")] // Apple's own names
    public void Load_TowerThatIsNotRead_IsRefusedWithThoseThatAre(string name)
    {
        foreach (var stem in _model.Tensors.Keys.Where(key => key.StartsWith("visual.", StringComparison.Ordinal)).ToList()) _model.Tensors.Remove(stem);
        _model.Add(name, 1, 3);
        _model.Write();

        var error = Refused(ErrorReason.CheckpointUnsupported);

        Assert.Contains("MobileCLIP-B", error.Message, StringComparison.Ordinal);
        Assert.Contains("SigLIP", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no_causal_mask", true)]
    [InlineData("pool_type", "last")]
    public void Load_TextTowerThatIsNotClips_IsRefused(string name, object value)
    {
        _model.Text[name] = value;
        _model.Write();

        Assert.Contains(name, Refused(ErrorReason.CheckpointUnsupported).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ConfigurationContradictsTheTensors_IsRefused()
    {
        _model.Text["width"] = 96;
        _model.Write();

        Assert.Contains("text_cfg.width", Refused(ErrorReason.CheckpointMismatch).Message, StringComparison.Ordinal);
    }

    private TaskResException Refused(ErrorReason reason)
    {
        var error = Assert.Throws<TaskResException>(() => Load());
        Assert.Equal(reason, error.Reason);
        return error;
    }

    private static void AssertPreprocessing(Interpolation interpolation, bool squash, float[] mean, float[] std, PreprocessOptions options)
    {
        Assert.Equal((interpolation, squash), (options.Interpolation, options.Squash));
        Assert.Equal(mean, options.Mean);
        Assert.Equal(std, options.Std);
    }

    private ClipLoadOptions Options(Precision precision = Precision.Fp32) => new() { Path = _model.Path, Precision = precision, Device = "cpu" };

    private ClipEncoder Load(Precision precision = Precision.Fp32) => ClipEncoder.Load(Options(precision));

    private static float[][] Images(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 3 * 32 * 32).Select(_ => (float)random.NextDouble()).ToArray())];
    }

    private static double[] Wide(float[] row) => [.. row.Select(value => (double)value)];

    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++) Assert.InRange(actual[i], expected[i] - (2e-5 * scale), expected[i] + (2e-5 * scale));
    }
}
