using TaskRes.Core.Checkpoints;

namespace TaskRes.Core.Clip;

/// <summary>Derives the architecture from the shapes of a checkpoint's tensors, as OpenAI's <c>build_model</c> does.</summary>
internal sealed class CheckpointShapes
{
    /// <summary>Channels of an attention head wherever no configuration says otherwise; a width it does not divide leaves 0 heads.</summary>
    private const int HeadWidth = 64;

    private const int ResNetStages = 4;

    /// <summary>Of the layer normalisations of timm's towers.</summary>
    private const double TimmEps = 1e-6;

    private readonly ICheckpoint _checkpoint;
    private readonly List<string> _missing = [];
    private readonly List<string> _misshapen = [];

    private CheckpointShapes(ICheckpoint checkpoint) => _checkpoint = checkpoint;

    /// <exception cref="TaskResException"><see cref="ErrorReason.CheckpointMismatch"/>: a tensor that tells a size is
    /// missing or not of its rank.</exception>
    public static ClipConfig Read(ICheckpoint checkpoint, Activation activation)
    {
        var shapes = new CheckpointShapes(checkpoint);
        var config = shapes.Read(activation);
        return shapes._missing.Count + shapes._misshapen.Count == 0 ? config : throw Mismatch.Of(shapes._missing, [], shapes._misshapen);
    }

    private ClipConfig Read(Activation activation)
    {
        var tokens = Shape("token_embedding.weight", 2);
        var positions = Shape("positional_embedding", 2);
        var projection = Shape("text_projection", 2);
        var text = Transformer("transformer", tokens[1], activation);
        var (vision, imageSize) = Stage(1).Any() ? ResNet() : Indices("visual.stem.").Any() ? ConvStemVit(activation) : Vit(activation);
        return new ClipConfig
        {
            EmbeddingDimension = projection[1],
            ImageSize = imageSize,
            ContextLength = positions[0],
            VocabularySize = tokens[0],
            Vision = vision,
            Text = text,
        };
    }

    private (VisionConfig Config, int ImageSize) Vit(Activation activation)
    {
        var conv = Shape("visual.conv1.weight", 4);
        var grid = Grid("visual.positional_embedding", besides: 1);
        return (new VitConfig(conv[3], Transformer("visual.transformer", conv[0], activation)), grid * conv[3]);
    }

    private (VisionConfig Config, int ImageSize) ConvStemVit(Activation activation)
    {
        var (first, second, last) = (Shape("visual.stem.0.conv.weight", 4), Shape("visual.stem.1.conv.weight", 4), Shape("visual.stem.2.conv.weight", 4));
        var transformer = Transformer("visual.transformer", last[0], activation) with { Eps = TimmEps };
        var config = new ConvStemVitConfig((first[3], second[3], last[3]), first[0], transformer);
        return (config, Grid("visual.positional_embedding", besides: 0) * config.PatchSize);
    }

    private (VisionConfig Config, int ImageSize) ResNet()
    {
        var width = Shape("visual.layer1.0.conv1.weight", 4)[0];
        int[] layers = [.. Enumerable.Range(1, ResNetStages).Select(stage => Stage(stage).Distinct(StringComparer.Ordinal).Count())];
        var grid = Grid("visual.attnpool.positional_embedding", besides: 1);
        var attentionWidth = width * ModifiedResNet.Reduction;
        return (new ResNetConfig(layers, width, attentionWidth / HeadWidth), grid * ModifiedResNet.Reduction);
    }

    private TransformerConfig Transformer(string name, int width, Activation activation)
    {
        var prefix = $"{name}.resblocks.";
        var layers = Indices(prefix).Distinct(StringComparer.Ordinal).Count();
        var mlp = _checkpoint.Tensors.TryGetValue($"{prefix}0.mlp.c_fc.weight", out var stored) && stored.Shape.Count == 2
            ? (int)Math.Min(stored.Shape[0], int.MaxValue)
            : 4 * width;
        if (layers == 0) _missing.Add($"{prefix}0");
        return new TransformerConfig(layers, width, width % HeadWidth == 0 ? width / HeadWidth : 0, mlp, activation);
    }

    private IEnumerable<string> Stage(int stage) => Indices($"visual.layer{stage}.");

    /// <summary>What stands between a prefix and the next point. Counted, not read as numbers: a gap shows up as a missing tensor.</summary>
    private IEnumerable<string> Indices(string prefix) => _checkpoint.Tensors.Keys
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(name => name[prefix.Length..].Split('.')[0]);

    /// <summary>g of a positional embedding of g² rows and some besides.</summary>
    private int Grid(string name, int besides)
    {
        var places = Shape(name, 2)[0] - besides;
        var grid = (int)Math.Round(Math.Sqrt(Math.Max(places, 0)));
        if (places > 0 && grid * grid != places) _misshapen.Add($"{name}: {places + besides} rows, not a square{(besides == 0 ? "" : " and one")}");
        return grid;
    }

    private int[] Shape(string name, int rank)
    {
        if (!_checkpoint.Tensors.TryGetValue(name, out var stored)) _missing.Add(name);
        else if (stored.Shape.Count != rank || stored.Shape.Any(size => size is <= 0 or > int.MaxValue))
            _misshapen.Add($"{name}: [{string.Join(", ", stored.Shape)}], not {rank} dimensions");
        else return [.. stored.Shape.Select(size => (int)size)];
        return new int[rank];
    }
}
