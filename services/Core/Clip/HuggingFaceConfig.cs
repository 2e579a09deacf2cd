using TaskRes.Core.Checkpoints;

namespace TaskRes.Core.Clip;

/// <summary>A Hugging Face <c>config.json</c> of a <c>CLIPModel</c>.</summary>
internal static class HuggingFaceConfig
{
    /// <summary>What configurations written before the end-of-text id was corrected hold; their models pool at the greatest id.</summary>
    private const int LegacyEndOfText = 2;

    /// <summary>Completes what the shapes say by heads, activation, epsilon and end of text; fields left out have the format's defaults.</summary>
    public static ClipConfig Apply(ClipConfig shapes, string path)
    {
        using var file = JsonFile.Read(path);
        var json = new ConfigReader(file.RootElement, path);
        json.Require(shapes.EmbeddingDimension, "projection_dim");
        json.Require(shapes.ContextLength, "text_config", "max_position_embeddings");
        json.Require(shapes.VocabularySize, "text_config", "vocab_size");
        json.Require(shapes.ImageSize, "vision_config", "image_size");
        var vision = shapes.Vision as VitConfig ?? throw CheckpointErrors.Unsupported(path, "CLIPModel has no ResNet towers");
        json.Require(vision.PatchSize, "vision_config", "patch_size");

        var eos = json.Integer("text_config", "eos_token_id") ?? LegacyEndOfText;
        if (eos < 0 || eos >= shapes.VocabularySize) json.Conflict($"text_config.eos_token_id is {eos}, the vocabulary has {shapes.VocabularySize}");
        var config = shapes with
        {
            Text = Tower(json, "text_config", shapes.Text),
            Vision = vision with { Transformer = Tower(json, "vision_config", vision.Transformer) },
            EndOfText = eos == LegacyEndOfText ? null : eos,
        };
        json.Complete();
        return config;
    }

    private static TransformerConfig Tower(ConfigReader json, string name, TransformerConfig tower)
    {
        json.Require(tower.Width, name, "hidden_size");
        json.Require(tower.MlpWidth, name, "intermediate_size");
        json.Require(tower.Layers, name, "num_hidden_layers");
        return tower with
        {
            Heads = json.Heads(tower, json.Integer(name, "num_attention_heads"), $"{name}.num_attention_heads"),
            Eps = json.Number(name, "layer_norm_eps") ?? tower.Eps,
            Activation = json.Text(name, "hidden_act") switch
            {
                null or "quick_gelu" => Activation.QuickGelu,
                "gelu" => Activation.Gelu,
                var other => throw new TaskResException(ErrorReason.CheckpointUnsupported, $"{name}.hidden_act: '{other}' is not one of quick_gelu, gelu.") { Field = $"{name}.hidden_act" },
            },
        };
    }
}
