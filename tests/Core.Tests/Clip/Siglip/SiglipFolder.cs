using System.Text.Json;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Tests.Clip.Siglip;

/// <summary>A small SigLIP of random weights as a Hugging Face folder.</summary>
internal sealed class SiglipFolder : IDisposable
{
    public const int Width = 64, MlpWidth = 96, Layers = 2, Heads = 4, ImageSize = 32, Patch = 8, Context = 8, Vocabulary = 50, Padding = 1;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-siglip-");
    private readonly Random _random = new(11);

    public SiglipFolder()
    {
        Add("text_model.embeddings.token_embedding.weight", 1, Vocabulary, Width);
        Add("text_model.embeddings.position_embedding.weight", 1, Context, Width);
        Encoder("text_model");
        Norm("text_model.final_layer_norm");
        Linear("text_model.head", Width, Width);
        Add("vision_model.embeddings.patch_embedding.weight", 0.2, Width, 3, Patch, Patch);
        Add("vision_model.embeddings.patch_embedding.bias", 0.2, Width);
        Add("vision_model.embeddings.position_embedding.weight", 1, ImageSize / Patch * (ImageSize / Patch), Width);
        Encoder("vision_model");
        Norm("vision_model.post_layernorm");
        Add("vision_model.head.probe", 1, 1, 1, Width);
        Add("vision_model.head.attention.in_proj_weight", 0.2, 3 * Width, Width);
        Add("vision_model.head.attention.in_proj_bias", 0.2, 3 * Width);
        Linear("vision_model.head.attention.out_proj", Width, Width);
        Norm("vision_model.head.layernorm");
        Linear("vision_model.head.mlp.fc1", MlpWidth, Width);
        Linear("vision_model.head.mlp.fc2", Width, MlpWidth);
        Tensors["logit_scale"] = ([4.7f], [1]);
        Tensors["logit_bias"] = ([-12.9f], [1]);
    }

    public string Path => _folder.FullName;

    /// <summary>Values and shapes by the format's names.</summary>
    public Dictionary<string, (float[] Values, long[] Shape)> Tensors { get; } = [];

    public Dictionary<string, object> Text { get; } = new()
    {
        ["hidden_size"] = Width,
        ["intermediate_size"] = MlpWidth,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = Heads,
        ["vocab_size"] = Vocabulary,
        ["max_position_embeddings"] = Context,
        ["hidden_act"] = "gelu_pytorch_tanh",
        ["layer_norm_eps"] = 1e-6,
    };

    public Dictionary<string, object> Vision { get; } = new()
    {
        ["hidden_size"] = Width,
        ["intermediate_size"] = MlpWidth,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = Heads,
        ["image_size"] = ImageSize,
        ["patch_size"] = Patch,
        ["hidden_act"] = "gelu_pytorch_tanh",
        ["layer_norm_eps"] = 1e-6,
    };

    public string ModelType { get; set; } = "siglip";

    public SiglipFolder Write()
    {
        SafetensorsWriter.Write(File("model.safetensors"), [.. Tensors.Select(tensor => TensorData.F32(tensor.Key, tensor.Value.Values, tensor.Value.Shape))]);
        System.IO.File.WriteAllText(File("config.json"), JsonSerializer.Serialize(new { model_type = ModelType, text_config = Text, vision_config = Vision }));
        return this;
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Delete(recursive: true);

    private void Encoder(string tower)
    {
        for (var layer = 0; layer < Layers; layer++)
        {
            var block = $"{tower}.encoder.layers.{layer}";
            Norm($"{block}.layer_norm1");
            foreach (var part in new[] { "q_proj", "k_proj", "v_proj", "out_proj" }) Linear($"{block}.self_attn.{part}", Width, Width);
            Norm($"{block}.layer_norm2");
            Linear($"{block}.mlp.fc1", MlpWidth, Width);
            Linear($"{block}.mlp.fc2", Width, MlpWidth);
        }
    }

    private void Linear(string name, int outputs, int inputs)
    {
        Add($"{name}.weight", 0.3, outputs, inputs);
        Add($"{name}.bias", 0.3, outputs);
    }

    private void Norm(string name)
    {
        Add($"{name}.weight", 1, Width);
        Add($"{name}.bias", 0.3, Width);
    }

    private void Add(string name, double size, params long[] shape) =>
        Tensors[name] = ([.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (float)(size * ((2 * _random.NextDouble()) - 1)))], shape);
}
