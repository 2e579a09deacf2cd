using TaskRes.Core.Checkpoints;

namespace TaskRes.Core.Clip;

/// <summary>
/// The architecture of a SigLIP, or a SigLIP 2 of fixed resolution: sizes from the tensors, the rest from Hugging Face's
/// <c>config.json</c> or OpenCLIP's <c>open_clip_config.json</c>, where what is left out has the usual values.
/// </summary>
internal static class SiglipConfig
{
    private const string Probe = "vision_model.head.probe";
    private const int HeadWidth = 64;
    private const double UsualEps = 1e-6;

    /// <summary>SigLIP 2's vocabulary, Gemma's, whose padding is 0; SigLIP pads with the end of text.</summary>
    private const int GemmaVocabulary = 256_000, GemmaPadding = 0, UsualPadding = 1;

    /// <summary>Whether a checkpoint's tensors, under OpenAI's names, are those of a SigLIP.</summary>
    public static bool IsSiglip(ICheckpoint checkpoint) => checkpoint.Tensors.ContainsKey(Probe);

    /// <exception cref="TaskResException">
    /// CheckpointMismatch where tensors that tell a size are missing or the configuration contradicts them;
    /// CheckpointUnsupported for images of any size (NaFlex) and other activations.
    /// </exception>
    public static ClipConfig Read(ICheckpoint checkpoint, string folder)
    {
        var openClip = Path.Combine(folder, ConfigFiles.OpenClip);
        if (checkpoint is not OpenClipNames) return OfHuggingFace(checkpoint, Path.Combine(folder, ConfigFiles.HuggingFace));
        return File.Exists(openClip) ? OfOpenClip(OfShapes(checkpoint), openClip) : OfShapes(checkpoint);
    }

    private static ClipConfig OfHuggingFace(ICheckpoint checkpoint, string path)
    {
        using var file = JsonFile.Read(path);
        var json = new ConfigReader(file.RootElement, path);
        if (json.Text("model_type") is { } type and not "siglip") throw CheckpointErrors.Unsupported(path, $"model_type is '{type}'; only 'siglip' is read, of one resolution");

        var shapes = OfShapes(checkpoint);
        var vit = (SiglipVitConfig)shapes.Vision;
        var config = shapes with
        {
            Padding = json.Integer("text_config", "pad_token_id") ?? shapes.Padding,
            Vision = vit with { Transformer = Tower(json, "vision_config", vit.Transformer) },
            Text = Tower(json, "text_config", shapes.Text),
        };
        json.Require(config.ImageSize, "vision_config", "image_size");
        json.Require(vit.PatchSize, "vision_config", "patch_size");
        json.Require(config.ContextLength, "text_config", "max_position_embeddings");
        json.Require(config.VocabularySize, "text_config", "vocab_size");
        if (config.Padding < 0 || config.Padding >= config.VocabularySize) json.Conflict($"text_config.pad_token_id is {config.Padding}, the vocabulary has {config.VocabularySize}");
        json.Complete();
        return config;
    }

    private static TransformerConfig Tower(ConfigReader json, string name, TransformerConfig tower)
    {
        json.Require(tower.Width, name, "hidden_size");
        json.Require(tower.Layers, name, "num_hidden_layers");
        json.Require(tower.MlpWidth, name, "intermediate_size");
        if (json.Text(name, "hidden_act") is { } other and not "gelu_pytorch_tanh")
            throw new TaskResException(ErrorReason.CheckpointUnsupported, $"{name}.hidden_act: '{other}' is not gelu_pytorch_tanh.") { Field = $"{name}.hidden_act" };
        return tower with
        {
            Eps = json.Number(name, "layer_norm_eps") ?? tower.Eps,
            Heads = json.Heads(tower, json.Integer(name, "num_attention_heads"), $"{name}.num_attention_heads"),
        };
    }

    private static ClipConfig OfOpenClip(ClipConfig shapes, string path)
    {
        using var file = JsonFile.Read(path);
        var json = new ConfigReader(file.RootElement, path);
        json.Require(shapes.EmbeddingDimension, "model_cfg", "embed_dim");
        json.Require(shapes.ImageSize, "model_cfg", "vision_cfg", "image_size");
        json.Require(shapes.ContextLength, "model_cfg", "text_cfg", "context_length");
        json.Require(shapes.VocabularySize, "model_cfg", "text_cfg", "vocab_size");
        json.Require(shapes.Text.Width, "model_cfg", "text_cfg", "width");
        json.Require(shapes.Text.Layers, "model_cfg", "text_cfg", "layers");
        var text = shapes.Text with { Heads = json.Heads(shapes.Text, json.Integer("model_cfg", "text_cfg", "heads"), "model_cfg.text_cfg.heads") };
        json.Complete();
        return shapes with { Text = text };
    }

    /// <summary>
    /// All of it as is usual. The activation is what the weights were trained with (big_vision's GELU of a tanh), also where
    /// OpenCLIP takes the exact one: one model's embeddings are the same from either file.
    /// </summary>
    private static ClipConfig OfShapes(ICheckpoint checkpoint)
    {
        var sizes = new Sizes(checkpoint);
        var conv = sizes.Of("visual.conv1.weight", 4);
        var places = sizes.Of("visual.positional_embedding", 2)[0];
        var (tokens, context, head) = (sizes.Of("token_embedding.weight", 2), sizes.Of("positional_embedding", 2), sizes.Of("text_model.head.weight", 2));
        var (vision, text) = (Tower(sizes, "visual.transformer", conv[0]), Tower(sizes, "transformer", tokens[1]));
        sizes.Complete();
        var grid = (int)Math.Round(Math.Sqrt(places));
        if (grid * grid != places) throw Mismatch.Of([], [], [$"visual.positional_embedding: {places} rows, not a square"]);
        if (head[0] != conv[0]) throw Mismatch.Of([], [], [$"text_model.head.weight: {head[0]} outputs, the images have {conv[0]}"]);
        return new ClipConfig
        {
            EmbeddingDimension = conv[0],
            ImageSize = grid * conv[3],
            ContextLength = context[0],
            VocabularySize = tokens[0],
            Padding = tokens[0] == GemmaVocabulary ? GemmaPadding : UsualPadding,
            Vision = new SiglipVitConfig(conv[3], vision),
            Text = text,
        };
    }

    private static TransformerConfig Tower(Sizes sizes, string name, int width) =>
        new(sizes.Layers(name), width, Heads(width), sizes.Of($"{name}.resblocks.0.mlp.c_fc.weight", 2)[0], Activation.GeluTanh, UsualEps);

    /// <summary>Of 64 channels, and 16 of them in the towers of odd width (So400m, and SigLIP 2's giant).</summary>
    private static int Heads(int width) => width switch
    {
        1152 or 1536 => 16,
        _ => width % HeadWidth == 0 ? width / HeadWidth : 0,
    };

    /// <summary>The sizes that tensors tell; those that tell none are reported together.</summary>
    private sealed class Sizes(ICheckpoint checkpoint)
    {
        private readonly List<string> _missing = [];
        private readonly List<string> _misshapen = [];

        public int[] Of(string name, int rank)
        {
            if (!checkpoint.Tensors.TryGetValue(name, out var stored)) _missing.Add(name);
            else if (stored.Shape.Count != rank || stored.Shape.Any(size => size is <= 0 or > int.MaxValue)) _misshapen.Add($"{name}: [{string.Join(", ", stored.Shape)}], not {rank} dimensions");
            else return [.. stored.Shape.Select(size => (int)size)];
            return new int[rank];
        }

        public int Layers(string tower)
        {
            var prefix = $"{tower}.resblocks.";
            return checkpoint.Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..].Split('.')[0]).Distinct(StringComparer.Ordinal).Count();
        }

        public void Complete()
        {
            if (_missing.Count + _misshapen.Count > 0) throw Mismatch.Of(_missing, [], _misshapen);
        }
    }
}
