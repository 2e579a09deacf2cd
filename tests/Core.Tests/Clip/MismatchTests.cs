using TaskRes.Core.Clip;
using TaskRes.Core.Safetensors;
using TaskRes.Core.Tests.Checkpoints;

namespace TaskRes.Core.Tests.Clip;

/// <summary>Checkpoints that are sound files and no sound CLIP.</summary>
public sealed class MismatchTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_SeveralFaults_ReportsThemAllAtOnce()
    {
        var path = _folder.Altered(
            "model.safetensors",
            tensor => tensor.Name switch
            {
                "ln_final.bias" or "transformer.resblocks.1.ln_2.weight" => null,
                "visual.ln_pre.weight" => Float(tensor.Name, 65),
                "visual.proj" => Float(tensor.Name, 32, 64),
                "visual.ln_post.bias" => TensorData.I64(tensor.Name, new long[64], 64),
                _ => tensor,
            },
            Float("visual.extra.weight", 3));

        var error = Refused(path);

        Assert.Equal("ln_final.bias,transformer.resblocks.1.ln_2.weight", string.Join(',', error.Metadata["missing"].Split('\n').Order(StringComparer.Ordinal)));
        Assert.Equal("visual.extra.weight", error.Metadata["extra"]);
        Assert.Equal(
            ["visual.ln_post.bias: I64, not floating point", "visual.ln_pre.weight: [65], not [64]", "visual.proj: [32, 64], not [64, 32]"],
            error.Metadata["misshapen"].Split('\n').Order(StringComparer.Ordinal));
        Assert.Contains("ln_final.bias", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ManyFaults_KeepsTheMessageShort()
    {
        var path = _folder.Altered("model.safetensors", tensor => tensor, [.. Enumerable.Range(0, 5000).Select(i => Float($"extra.{i}", 1))]);

        var error = Refused(path);

        Assert.InRange(error.Message.Length, 1, 1000);
        Assert.Equal(5000, error.Metadata["extra"].Split('\n').Length);
    }

    [Fact]
    public void Load_WithoutTheTensorsThatTellSizes_NamesThem()
    {
        var path = _folder.Altered("model.safetensors", tensor => tensor.Name is "text_projection" or "visual.conv1.weight" ? null : tensor);

        Assert.Equal("text_projection\nvisual.conv1.weight", Refused(path).Metadata["missing"]);
    }

    [Fact]
    public void Load_NoClipAtAll_IsAMismatch() => Refused(_folder.Save("model.safetensors", [Float("classifier.weight", 3)]));

    [Fact]
    public void Load_GapInTheBlocks_NamesTheMissingBlock()
    {
        var path = _folder.Altered("model.safetensors", tensor => tensor.Name.StartsWith("transformer.resblocks.1.", StringComparison.Ordinal)
            ? tensor with { Name = tensor.Name.Replace(".1.", ".7.", StringComparison.Ordinal) }
            : tensor);

        var error = Refused(path);

        Assert.Contains("transformer.resblocks.1.ln_1.weight", error.Metadata["missing"], StringComparison.Ordinal);
        Assert.Contains("transformer.resblocks.7.ln_1.weight", error.Metadata["extra"], StringComparison.Ordinal);
    }

    [Fact]
    public void Load_HuggingFaceWithoutAValueProjection_NamesWhatIsThereAndWhatIsNot()
    {
        _folder.CopyHuggingFace();
        const string Value = "vision_model.encoder.layers.0.self_attn.v_proj.weight";
        _folder.Save("model.safetensors", [.. ModelFolder.Tensors(_folder.File("model.safetensors")).Where(tensor => tensor.Name != Value)]);

        var error = Refused(_folder.Root);

        Assert.Contains("visual.transformer.resblocks.0.attn.in_proj_weight", error.Metadata["missing"], StringComparison.Ordinal);
    }

    [Fact]
    public void Load_HuggingFaceWithoutItsConfiguration_SaysSo()
    {
        _folder.CopyHuggingFace();
        File.Delete(_folder.File("config.json"));

        var error = Assert.Throws<TaskResException>(() => Load(_folder.Root));

        Assert.Equal(ErrorReason.CheckpointNotFound, error.Reason);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ConfigurationThatContradictsTheShapes_ListsEveryConflict()
    {
        _folder.CopyHuggingFace();
        EditConfig(("\"vocab_size\": 640", "\"vocab_size\": 641"), ("\"patch_size\": 8", "\"patch_size\": 16"), ("\"num_attention_heads\": 1", "\"num_attention_heads\": 5"));

        var error = Refused(_folder.Root);

        Assert.Equal(4, error.Metadata["conflicts"].Split('\n').Length);
        Assert.Contains("text_config.vocab_size is 641, the tensors say 640", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"vocab_size\": 640", "\"vocab_size\": \"many\"", ErrorReason.CheckpointCorrupt)]
    [InlineData("\"hidden_act\": \"quick_gelu\"", "\"hidden_act\": \"mish\"", ErrorReason.CheckpointUnsupported)]
    [InlineData("{", "[", ErrorReason.CheckpointCorrupt)]
    public void Load_MalformedConfiguration_IsTyped(string from, string to, ErrorReason reason)
    {
        _folder.CopyHuggingFace();
        EditConfig((from, to));

        Assert.Equal(reason, Assert.Throws<TaskResException>(() => Load(_folder.Root)).Reason);
    }

    [Fact]
    public void Load_WidthThatTellsNoHeads_IsAMismatch()
    {
        var path = _folder.Save("model.safetensors", [.. ModelFolder.Tensors(ModelFolder.OpenAIFile).Select(tensor =>
            Float(tensor.Name, [.. tensor.Shape.Select(size => size == 64 ? 60 : size)]))]);

        Assert.Contains("width 60", Refused(path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_WeightsThatAreNotFinite_IsTyped()
    {
        var path = _folder.Altered("model.safetensors", tensor => tensor.Name == "visual.proj"
            ? TensorData.F32(tensor.Name, [.. Enumerable.Repeat(float.NaN, 64 * 32)], 64, 32)
            : tensor);
        using var encoder = Load(path);

        var error = Assert.Throws<TaskResException>(() => encoder.EncodeImages(new float[3 * 32 * 32], 1));

        Assert.Equal(ErrorReason.FeaturesInvalid, error.Reason);
    }

    private void EditConfig(params (string From, string To)[] edits)
    {
        var text = File.ReadAllText(_folder.File("config.json"));
        foreach (var (from, to) in edits)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }
        _folder.Write("config.json", text);
    }

    private static TensorData Float(string name, params long[] shape) =>
        TensorData.F32(name, new float[shape.Aggregate(1L, (size, dimension) => size * dimension)], shape);

    private static ClipEncoder Load(string path) => ClipEncoder.Load(new ClipLoadOptions { Path = path, Precision = Precision.Fp32, Device = "cpu" });

    private static TaskResException Refused(string path)
    {
        var error = Assert.Throws<TaskResException>(() => Load(path));
        Assert.Equal(ErrorReason.CheckpointMismatch, error.Reason);
        return error;
    }
}
