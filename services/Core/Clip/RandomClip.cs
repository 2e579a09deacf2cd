using System.Text.Json;
using TaskRes.Core.Safetensors;
using TaskRes.Core.Torch;

namespace TaskRes.Core.Clip;

/// <summary>
/// Writes CLIPs of full size and random weights: for trying the machinery and measuring it where no trained weights are at
/// hand. Their embeddings mean nothing.
/// </summary>
public static class RandomClip
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The architectures that can be written.</summary>
    public static IReadOnlyList<string> Architectures { get; } = ["ViT-B/32", "ViT-B/16", "ViT-L/14", "RN50", "RN101"];

    /// <summary>
    /// Writes a model: a ViT as a Hugging Face folder, a ResNet as a folder with OpenAI's tensor names. The same seed gives
    /// the same file. It has no tokenizer: name one when loading.
    /// </summary>
    /// <param name="architecture">One of <see cref="Architectures"/>.</param>
    /// <param name="outFolder">Made where it does not exist; files of the same names are replaced.</param>
    /// <param name="seed">Decides all values.</param>
    /// <exception cref="TaskResException"><see cref="ErrorReason.InvalidField"/>: no such architecture, or the folder cannot
    /// be written.</exception>
    public static void Write(string architecture, string outFolder, int seed)
    {
        var config = Config(architecture);
        TorchRuntime.EnsureLoaded();
        try
        {
            Directory.CreateDirectory(outFolder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw TaskResException.Invalid("out", $"the folder '{outFolder}' cannot be made: {error.Message}");
        }
        var tensors = new RandomTensors(seed);
        RandomTextTower.Add(tensors, config);
        if (config.Vision is VitConfig vit) RandomVitTower.Add(tensors, config, vit);
        else RandomResNetTower.Add(tensors, config, (ResNetConfig)config.Vision);

        SafetensorsWriter.Write(Path.Combine(outFolder, "model.safetensors"), tensors.All, new Dictionary<string, string> { ["format"] = "pt" });
        WriteJson(outFolder, "preprocessor_config.json", PreprocessorJson(config.ImageSize));
        if (config.Vision is VitConfig) WriteJson(outFolder, "config.json", ConfigJson(config));
    }

    internal static ClipConfig Config(string architecture) => architecture switch
    {
        "ViT-B/32" => Vit(32, width: 768, layers: 12, embedding: 512, textWidth: 512),
        "ViT-B/16" => Vit(16, width: 768, layers: 12, embedding: 512, textWidth: 512),
        "ViT-L/14" => Vit(14, width: 1024, layers: 24, embedding: 768, textWidth: 768),
        "RN50" => Clip(new ResNetConfig([3, 4, 6, 3], 64, 32), embedding: 1024, textWidth: 512),
        "RN101" => Clip(new ResNetConfig([3, 4, 23, 3], 64, 32), embedding: 512, textWidth: 512),
        _ => throw TaskResException.Invalid("arch", $"'{architecture}' is not one of {string.Join(", ", Architectures)}."),
    };

    private static ClipConfig Vit(int patch, int width, int layers, int embedding, int textWidth) =>
        Clip(new VitConfig(patch, Tower(layers, width)), embedding, textWidth);

    private static ClipConfig Clip(VisionConfig vision, int embedding, int textWidth) => new()
    {
        EmbeddingDimension = embedding,
        ImageSize = 224,
        ContextLength = 77,
        VocabularySize = 49408,
        Vision = vision,
        Text = Tower(12, textWidth),
    };

    private static TransformerConfig Tower(int layers, int width) => new(layers, width, width / 64, 4 * width, Activation.QuickGelu);

    internal static object ConfigJson(ClipConfig config)
    {
        var vit = (VitConfig)config.Vision;
        return new
        {
            architectures = new[] { "CLIPModel" },
            model_type = "clip",
            projection_dim = config.EmbeddingDimension,
            text_config = new
            {
                hidden_size = config.Text.Width,
                intermediate_size = config.Text.MlpWidth,
                num_hidden_layers = config.Text.Layers,
                num_attention_heads = config.Text.Heads,
                hidden_act = "quick_gelu",
                layer_norm_eps = config.Text.Eps,
                max_position_embeddings = config.ContextLength,
                vocab_size = config.VocabularySize,
                bos_token_id = config.VocabularySize - 2,
                eos_token_id = config.VocabularySize - 1,
            },
            vision_config = new
            {
                hidden_size = vit.Transformer.Width,
                intermediate_size = vit.Transformer.MlpWidth,
                num_hidden_layers = vit.Transformer.Layers,
                num_attention_heads = vit.Transformer.Heads,
                hidden_act = "quick_gelu",
                layer_norm_eps = vit.Transformer.Eps,
                image_size = config.ImageSize,
                patch_size = vit.PatchSize,
            },
        };
    }

    internal static object PreprocessorJson(int imageSize) => new
    {
        do_resize = true,
        size = imageSize,
        resample = 3,
        do_center_crop = true,
        crop_size = imageSize,
        do_convert_rgb = true,
        do_normalize = true,
        image_mean = new[] { 0.48145466, 0.4578275, 0.40821073 },
        image_std = new[] { 0.26862954, 0.26130258, 0.27577711 },
    };

    private static void WriteJson(string folder, string name, object json) =>
        File.WriteAllText(Path.Combine(folder, name), JsonSerializer.Serialize(json, Indented));
}
