using System.Text.Json;
using TaskRes.Core.Checkpoints;
using TaskRes.Core.Clip;
using TaskRes.Core.Safetensors;
using TaskRes.Core.Tests.Clip.Siglip;
using TorchSharp;

namespace TaskRes.Core.Tests.Clip.OpenClip;

/// <summary>SigLIP in OpenCLIP's names is the model that it is in Hugging Face's.</summary>
public sealed class OpenClipSiglipTests : IDisposable
{
    private static readonly int[][] Texts = [[7, 3, 49, 1], [2], [4, 8, 15, 16, 23, 42, 9, 1]];

    private readonly SiglipFolder _model = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-openclip-");
    private readonly Dictionary<string, (float[] Values, long[] Shape)> _tensors;

    public OpenClipSiglipTests()
    {
        // timm's towers do not say their heads: they are as wide as usual, 64.
        _model.Vision["num_attention_heads"] = SiglipFolder.Width / 64;
        _model.Write();
        _tensors = Renamed();
        Write();
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Load_SameWeightsInEitherNames_IsTheSameModel()
    {
        using var huggingFace = Load(_model.Path);
        using var openClip = Load(_folder.FullName);
        var random = new Random(3);
        float[] pixels = [.. Enumerable.Range(0, 2 * 3 * SiglipFolder.ImageSize * SiglipFolder.ImageSize).Select(_ => (float)((2 * random.NextDouble()) - 1))];

        Assert.Equal(huggingFace.EncodeImages(pixels, 2), openClip.EncodeImages(pixels, 2));
        Assert.Equal(huggingFace.EncodeTexts(Texts), openClip.EncodeTexts(Texts));
        Assert.Equal(huggingFace.Info with { Name = "" }, openClip.Info with { Name = "" });
        Assert.True(openClip.Preprocessor.Options.Squash);
        Assert.Equal([0.5f, 0.5f, 0.5f], openClip.Preprocessor.Options.Std);
    }

    [Fact]
    public void Load_WithoutAConfiguration_TakesTheUsualHeads()
    {
        File.Delete(Path.Combine(_folder.FullName, "open_clip_config.json"));
        using var usual = Load(_folder.FullName);
        using var stated = Load(_model.Path);

        Assert.NotEqual(stated.Info.Fingerprint, usual.Info.Fingerprint); // 1 head of 64, not 4 of 16
        Assert.Equal(stated.EncodeImages(new float[3 * 32 * 32], 1), usual.EncodeImages(new float[3 * 32 * 32], 1));
    }

    [Theory]
    [InlineData(768, 32_000, 12, 1)]
    [InlineData(1024, 256_000, 16, 0)]
    [InlineData(1152, 256_000, 16, 0)]
    public void Read_RealSizesWithoutAConfiguration_HasTheirHeadsAndPadding(int width, int vocabulary, int heads, int padding)
    {
        long Real(long size) => size % SiglipFolder.Width == 0 ? size / SiglipFolder.Width * width : size == SiglipFolder.Vocabulary ? vocabulary : size;
        var shapes = _tensors.ToDictionary(tensor => tensor.Key, tensor => new StoredTensor(ElementType.F32, [.. tensor.Value.Shape.Select(Real)]));
        using var checkpoint = new OpenClipNames(new ShapesAlone(shapes), "shapes");

        var config = SiglipConfig.Read(checkpoint, "no folder");

        Assert.Equal((width, vocabulary, padding), (config.EmbeddingDimension, config.VocabularySize, config.Padding!.Value));
        Assert.Equal((heads, heads), (config.Text.Heads, config.Vision.Tower!.Heads));
    }

    [Theory]
    [InlineData("visual.trunk.patch_embed.proj.bias", "visual.conv1.bias")]
    [InlineData("visual.trunk.attn_pool.norm.weight", "vision_model.head.layernorm.weight")]
    [InlineData("visual.trunk.blocks.0.attn.proj.weight", "visual.transformer.resblocks.0.attn.out_proj.weight")]
    [InlineData("text.text_projection.weight", "text_model.head.weight")]
    [InlineData("logit_bias", "logit_bias")]
    public void Load_TensorMissing_IsRefusedByName(string name, string missing)
    {
        _tensors.Remove(name);
        Write();

        Assert.Equal(missing, Refused().Metadata["missing"]);
    }

    [Fact]
    public void Load_PoolWithoutItsQuestion_IsRefusedByName()
    {
        _tensors.Remove("visual.trunk.attn_pool.q.weight");
        Write();

        var error = Refused();

        Assert.Equal(("vision_model.head.attention.in_proj_weight", "visual.trunk.attn_pool.kv.weight"), (error.Metadata["missing"], error.Metadata["extra"]));
    }

    [Fact]
    public void Load_ConfigurationContradictsTheTensors_IsRefused()
    {
        Write(context: 16);

        Assert.Contains("context_length", Refused().Message, StringComparison.Ordinal);
    }

    private TaskResException Refused()
    {
        var error = Assert.Throws<TaskResException>(() => Load(_folder.FullName));
        Assert.Equal(ErrorReason.CheckpointMismatch, error.Reason);
        return error;
    }

    private static ClipEncoder Load(string path) => ClipEncoder.Load(new ClipLoadOptions { Path = path, Precision = Precision.Fp32, Device = "cpu" });

    private void Write(int context = SiglipFolder.Context)
    {
        SafetensorsWriter.Write(Path.Combine(_folder.FullName, "open_clip_model.safetensors"), [.. _tensors.Select(tensor => TensorData.F32(tensor.Key, tensor.Value.Values, tensor.Value.Shape))]);
        File.WriteAllText(Path.Combine(_folder.FullName, "open_clip_config.json"), JsonSerializer.Serialize(new
        {
            model_cfg = new
            {
                embed_dim = SiglipFolder.Width,
                custom_text = true,
                vision_cfg = new { image_size = SiglipFolder.ImageSize, timm_pool = "map" },
                text_cfg = new { context_length = context, vocab_size = SiglipFolder.Vocabulary, heads = SiglipFolder.Heads, no_causal_mask = true, pool_type = "last", proj_bias = true },
            },
            preprocess_cfg = new { mean = (float[])[0.5f, 0.5f, 0.5f], std = (float[])[0.5f, 0.5f, 0.5f], interpolation = "bicubic", resize_mode = "squash" },
        }));
    }

    private Dictionary<string, (float[] Values, long[] Shape)> Renamed()
    {
        const int Width = SiglipFolder.Width;
        var from = _model.Tensors;
        var to = new Dictionary<string, (float[] Values, long[] Shape)>();
        void Move(string old, string name)
        {
            foreach (var part in new[] { ".weight", ".bias" }) to[name + part] = from[old + part];
        }

        foreach (var (tower, blocks, names) in new[]
        {
            ("text_model", "text.transformer.resblocks", (string[])["ln_1", "attn.in_proj_", "attn.out_proj", "ln_2", "mlp.c_fc", "mlp.c_proj"]),
            ("vision_model", "visual.trunk.blocks", ["norm1", "attn.qkv.", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2"]),
        })
            for (var layer = 0; layer < SiglipFolder.Layers; layer++)
            {
                var (old, block) = ($"{tower}.encoder.layers.{layer}", $"{blocks}.{layer}");
                Move($"{old}.layer_norm1", $"{block}.{names[0]}");
                foreach (var (part, shape) in new[] { ("weight", (long[])[3 * Width, Width]), ("bias", [3 * Width]) })
                    to[$"{block}.{names[1]}{part}"] = ([.. "qkv".SelectMany(one => from[$"{old}.self_attn.{one}_proj.{part}"].Values)], shape);
                Move($"{old}.self_attn.out_proj", $"{block}.{names[2]}");
                Move($"{old}.layer_norm2", $"{block}.{names[3]}");
                Move($"{old}.mlp.fc1", $"{block}.{names[4]}");
                Move($"{old}.mlp.fc2", $"{block}.{names[5]}");
            }

        to["text.token_embedding.weight"] = from["text_model.embeddings.token_embedding.weight"];
        to["text.positional_embedding"] = from["text_model.embeddings.position_embedding.weight"];
        Move("text_model.final_layer_norm", "text.ln_final");
        Move("text_model.head", "text.text_projection");
        Move("vision_model.embeddings.patch_embedding", "visual.trunk.patch_embed.proj");
        var places = from["vision_model.embeddings.position_embedding.weight"];
        to["visual.trunk.pos_embed"] = (places.Values, [1, .. places.Shape]);
        Move("vision_model.post_layernorm", "visual.trunk.norm");
        to["visual.trunk.attn_pool.latent"] = from["vision_model.head.probe"];
        var (weight, bias) = (from["vision_model.head.attention.in_proj_weight"].Values, from["vision_model.head.attention.in_proj_bias"].Values);
        to["visual.trunk.attn_pool.q.weight"] = (weight[..(Width * Width)], [Width, Width]);
        to["visual.trunk.attn_pool.q.bias"] = (bias[..Width], [Width]);
        to["visual.trunk.attn_pool.kv.weight"] = (weight[(Width * Width)..], [2 * Width, Width]);
        to["visual.trunk.attn_pool.kv.bias"] = (bias[Width..], [2 * Width]);
        Move("vision_model.head.attention.out_proj", "visual.trunk.attn_pool.proj");
        Move("vision_model.head.layernorm", "visual.trunk.attn_pool.norm");
        Move("vision_model.head.mlp.fc1", "visual.trunk.attn_pool.mlp.fc1");
        Move("vision_model.head.mlp.fc2", "visual.trunk.attn_pool.mlp.fc2");
        to["logit_scale"] = from["logit_scale"]; // OpenCLIP stores it without a dimension, which the fingerprint would tell
        to["logit_bias"] = from["logit_bias"];
        return to;
    }

    private sealed class ShapesAlone(IReadOnlyDictionary<string, StoredTensor> tensors) : ICheckpoint
    {
        public IReadOnlyDictionary<string, StoredTensor> Tensors => tensors;

        public torch.Tensor Read(string name) => throw new NotSupportedException(name);

        public void Dispose()
        {
        }
    }
}
