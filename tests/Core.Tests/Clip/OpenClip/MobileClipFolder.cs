using System.Text.Json;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Tests.Clip.OpenClip;

/// <summary>A small MobileCLIP-B of random weights, as OpenCLIP writes one.</summary>
internal sealed class MobileClipFolder : IDisposable
{
    public const int Embedding = 24, ImageSize = 32, Patch = 16, StemWidth = 12, Layers = 2, Context = 8, Vocabulary = 50;
    public const int VisionWidth = 128, VisionHeads = 2, TextWidth = 64, TextHeads = 4, MlpWidth = 96;

    public static readonly int[] Kernels = [4, 2, 2];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-mobileclip-");
    private readonly Random _random = new(17);

    public MobileClipFolder()
    {
        Add("visual.trunk.cls_token", 1, 1, 1, VisionWidth);
        Add("visual.trunk.pos_embed", 1, 1, ImageSize / Patch * (ImageSize / Patch), VisionWidth);
        for (var i = 0; i < 2; i++)
        {
            Add($"visual.trunk.patch_embed.backbone.{i}.conv.weight", 0.3, StemWidth, i == 0 ? 3 : StemWidth, Kernels[i], Kernels[i]);
            foreach (var part in new[] { "weight", "bias", "running_mean" }) Add($"visual.trunk.patch_embed.backbone.{i}.bn.{part}", 1, StemWidth);
            Add($"visual.trunk.patch_embed.backbone.{i}.bn.running_var", 1, StemWidth);
            var variances = Tensors[$"visual.trunk.patch_embed.backbone.{i}.bn.running_var"].Values;
            for (var channel = 0; channel < StemWidth; channel++) variances[channel] = 0.1f + Math.Abs(variances[channel]);
        }

        Add("visual.trunk.patch_embed.backbone.2.conv.weight", 0.3, VisionWidth, StemWidth, Kernels[2], Kernels[2]);
        Add("visual.trunk.patch_embed.backbone.2.conv.bias", 0.3, VisionWidth);
        for (var layer = 0; layer < Layers; layer++)
        {
            var block = $"visual.trunk.blocks.{layer}";
            Pair($"{block}.norm1", 1, VisionWidth);
            Linear($"{block}.attn.qkv", 3 * VisionWidth, VisionWidth);
            Linear($"{block}.attn.proj", VisionWidth, VisionWidth);
            Pair($"{block}.norm2", 1, VisionWidth);
            Linear($"{block}.mlp.fc1", MlpWidth, VisionWidth);
            Linear($"{block}.mlp.fc2", VisionWidth, MlpWidth);
        }

        Pair("visual.trunk.norm", 1, VisionWidth);
        Linear("visual.trunk.head", Embedding, VisionWidth);
        Add("text.token_embedding.weight", 1, Vocabulary, TextWidth);
        Add("text.positional_embedding", 1, Context, TextWidth);
        for (var layer = 0; layer < Layers; layer++)
        {
            var block = $"text.transformer.resblocks.{layer}";
            Pair($"{block}.ln_1", 1, TextWidth);
            Add($"{block}.attn.in_proj_weight", 0.3, 3 * TextWidth, TextWidth);
            Add($"{block}.attn.in_proj_bias", 0.3, 3 * TextWidth);
            Linear($"{block}.attn.out_proj", TextWidth, TextWidth);
            Pair($"{block}.ln_2", 1, TextWidth);
            Linear($"{block}.mlp.c_fc", MlpWidth, TextWidth);
            Linear($"{block}.mlp.c_proj", TextWidth, MlpWidth);
        }

        Pair("text.ln_final", 1, TextWidth);
        Add("text.text_projection", 0.3, TextWidth, Embedding);
        Tensors["logit_scale"] = ([4.6f], []);
    }

    public string Path => _folder.FullName;

    /// <summary>Values and shapes by OpenCLIP's names.</summary>
    public Dictionary<string, (float[] Values, long[] Shape)> Tensors { get; } = [];

    public Dictionary<string, object> Text { get; } = new()
    {
        ["context_length"] = Context,
        ["vocab_size"] = Vocabulary,
        ["width"] = TextWidth,
        ["heads"] = TextHeads,
        ["layers"] = Layers,
        ["no_causal_mask"] = false,
    };

    public Dictionary<string, object> Preprocessing { get; } = [];

    public MobileClipFolder Write()
    {
        SafetensorsWriter.Write(File("open_clip_model.safetensors"), [.. Tensors.Select(tensor => TensorData.F32(tensor.Key, tensor.Value.Values, tensor.Value.Shape))]);
        System.IO.File.WriteAllText(File("open_clip_config.json"), JsonSerializer.Serialize(new
        {
            model_cfg = new { embed_dim = Embedding, custom_text = true, vision_cfg = new { timm_model_name = "vit_base_mci_224", timm_pool = "token", image_size = ImageSize }, text_cfg = Text },
            preprocess_cfg = Preprocessing,
        }));
        return this;
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Delete(recursive: true);

    public void Add(string name, double size, params long[] shape) =>
        Tensors[name] = ([.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (float)(size * ((2 * _random.NextDouble()) - 1)))], shape);

    private void Linear(string name, int outputs, int inputs)
    {
        Add($"{name}.weight", 0.3, outputs, inputs);
        Add($"{name}.bias", 0.3, outputs);
    }

    private void Pair(string name, double size, int width)
    {
        Add($"{name}.weight", size, width);
        Add($"{name}.bias", size, width);
    }
}
