using TaskRes.Core.Checkpoints;

namespace TaskRes.Core.Clip;

/// <summary>
/// The architecture of a <c>SiglipModel</c> (SigLIP, and SigLIP 2 of fixed resolution): sizes from the tensors, the rest from
/// <c>config.json</c>, where what is left out has the format's defaults.
/// </summary>
internal static class SiglipConfig
{
    private const string Probe = "vision_model.head.probe";
    private const int HeadWidth = 64;
    private const double UsualEps = 1e-6;

    /// <summary>The sentencepiece end of text, which SigLIP pads with.</summary>
    private const int UsualPadding = 1;

    /// <summary>Whether a checkpoint's tensors, under OpenAI's names, are those of a SigLIP.</summary>
    public static bool IsSiglip(ICheckpoint checkpoint) => checkpoint.Tensors.ContainsKey(Probe);

    /// <exception cref="TaskResException">
    /// CheckpointMismatch where tensors that tell a size are missing or the configuration contradicts them;
    /// CheckpointUnsupported for images of any size (NaFlex) and other activations.
    /// </exception>
    public static ClipConfig Read(ICheckpoint checkpoint, string path)
    {
        using var file = JsonFile.Read(path);
        var json = new ConfigReader(file.RootElement, path);
        if (json.Text("model_type") is { } type and not "siglip") throw CheckpointErrors.Unsupported(path, $"model_type is '{type}'; only 'siglip' is read, of one resolution");

        var sizes = new Sizes(checkpoint);
        var conv = sizes.Of("visual.conv1.weight", 4);
        var places = sizes.Of("visual.positional_embedding", 2)[0];
        var (tokens, context, head) = (sizes.Of("token_embedding.weight", 2), sizes.Of("positional_embedding", 2), sizes.Of("text_model.head.weight", 2));
        sizes.Complete();
        var grid = (int)Math.Round(Math.Sqrt(places));
        if (grid * grid != places) throw Mismatch.Of([], [], [$"visual.positional_embedding: {places} rows, not a square"]);
        if (head[0] != conv[0]) throw Mismatch.Of([], [], [$"text_model.head.weight: {head[0]} outputs, the images have {conv[0]}"]);

        var config = new ClipConfig
        {
            EmbeddingDimension = conv[0],
            ImageSize = grid * conv[3],
            ContextLength = context[0],
            VocabularySize = tokens[0],
            Padding = json.Integer("text_config", "pad_token_id") ?? UsualPadding,
            Vision = new SiglipVitConfig(conv[3], Tower(json, "vision_config", sizes, "visual.transformer", conv[0])),
            Text = Tower(json, "text_config", sizes, "transformer", tokens[1]),
        };
        json.Require(config.ImageSize, "vision_config", "image_size");
        json.Require(conv[3], "vision_config", "patch_size");
        json.Require(config.ContextLength, "text_config", "max_position_embeddings");
        json.Require(config.VocabularySize, "text_config", "vocab_size");
        if (config.Padding < 0 || config.Padding >= config.VocabularySize) json.Conflict($"text_config.pad_token_id is {config.Padding}, the vocabulary has {config.VocabularySize}");
        json.Complete();
        return config;
    }

    private static TransformerConfig Tower(ConfigReader json, string name, Sizes sizes, string prefix, int width)
    {
        json.Require(width, name, "hidden_size");
        var layers = sizes.Layers(prefix);
        json.Require(layers, name, "num_hidden_layers");
        var mlp = sizes.Of($"{prefix}.resblocks.0.mlp.c_fc.weight", 2)[0];
        json.Require(mlp, name, "intermediate_size");
        var tower = new TransformerConfig(layers, width, width % HeadWidth == 0 ? width / HeadWidth : 0, mlp, Activation.GeluTanh, json.Number(name, "layer_norm_eps") ?? UsualEps);
        if (json.Text(name, "hidden_act") is { } other and not "gelu_pytorch_tanh")
            throw new TaskResException(ErrorReason.CheckpointUnsupported, $"{name}.hidden_act: '{other}' is not gelu_pytorch_tanh.") { Field = $"{name}.hidden_act" };
        return tower with { Heads = json.Heads(tower, json.Integer(name, "num_attention_heads"), $"{name}.num_attention_heads") };
    }

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
