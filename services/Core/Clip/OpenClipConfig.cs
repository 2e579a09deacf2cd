using TaskRes.Core.Checkpoints;

namespace TaskRes.Core.Clip;

/// <summary>An <c>open_clip_config.json</c>, as OpenCLIP lays it beside its weights.</summary>
internal static class OpenClipConfig
{
    private const string Model = "model_cfg", Vision = "vision_cfg", Text = "text_cfg";

    /// <summary>Completes what the shapes say by activation and heads. OpenCLIP's own activation is GELU.</summary>
    public static ClipConfig Apply(ClipConfig shapes, string path)
    {
        using var file = JsonFile.Read(path);
        var json = new ConfigReader(file.RootElement, path);
        if (json.Boolean(Model, Text, "no_causal_mask") is true) throw CheckpointErrors.Unsupported(path, $"{Model}.{Text}.no_causal_mask is true; only SigLIP's texts are read without a causal mask");
        if (json.Text(Model, Text, "pool_type") is { } pool and not "argmax") throw CheckpointErrors.Unsupported(path, $"{Model}.{Text}.pool_type is '{pool}'; only 'argmax', the end of text, is read");
        json.Require(shapes.EmbeddingDimension, Model, "embed_dim");
        json.Require(shapes.ImageSize, Model, Vision, "image_size");
        json.Require(shapes.ContextLength, Model, Text, "context_length");
        json.Require(shapes.VocabularySize, Model, Text, "vocab_size");
        json.Require(shapes.Text.Width, Model, Text, "width");
        json.Require(shapes.Text.Layers, Model, Text, "layers");

        var activation = json.Boolean(Model, "quick_gelu") is true ? Activation.QuickGelu : Activation.Gelu;
        var config = shapes with
        {
            Vision = shapes.Vision is VitConfig vit ? VisionTower(json, vit, activation) : shapes.Vision,
            Text = shapes.Text with
            {
                Activation = activation,
                Heads = json.Heads(shapes.Text, json.Integer(Model, Text, "heads"), $"{Model}.{Text}.heads"),
            },
        };
        json.Complete();
        return config;
    }

    private static VitConfig VisionTower(ConfigReader json, VitConfig vit, Activation activation)
    {
        json.Require(vit.PatchSize, Model, Vision, "patch_size");
        json.Require(vit.Transformer.Width, Model, Vision, "width");
        json.Require(vit.Transformer.Layers, Model, Vision, "layers");
        var headWidth = json.Integer(Model, Vision, "head_width");
        var heads = headWidth is > 0 and var width ? vit.Transformer.Width / width : headWidth;
        return vit with
        {
            Transformer = vit.Transformer with
            {
                Activation = activation,
                Heads = json.Heads(vit.Transformer, heads, $"{Model}.{Vision}.head_width"),
            },
        };
    }
}
