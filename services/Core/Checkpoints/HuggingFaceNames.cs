using System.Text.RegularExpressions;
using TorchSharp;

namespace TaskRes.Core.Checkpoints;

/// <summary>
/// Presents the tensors of a Hugging Face <c>CLIPModel</c> under OpenAI's names: the three attention projections
/// concatenated (q, k, v), the two output projections transposed. Names that are not known pass through unchanged, to be
/// reported as extra.
/// </summary>
internal sealed partial class HuggingFaceNames : ICheckpoint
{
    private static readonly (string HuggingFace, string OpenAI)[] Stems =
    [
        ("text_model.embeddings.token_embedding", "token_embedding"),
        ("text_model.embeddings.position_embedding.weight", "positional_embedding"),
        ("text_model.final_layer_norm", "ln_final"),
        ("text_model.encoder.layers", "transformer.resblocks"),
        ("vision_model.embeddings.class_embedding", "visual.class_embedding"),
        ("vision_model.embeddings.patch_embedding", "visual.conv1"),
        ("vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"),
        ("vision_model.pre_layrnorm", "visual.ln_pre"), // the typing error is the format's
        ("vision_model.post_layernorm", "visual.ln_post"),
        ("vision_model.encoder.layers", "visual.transformer.resblocks"),
    ];

    private static readonly (string HuggingFace, string OpenAI)[] BlockParts =
    [
        (".self_attn.out_proj.", ".attn.out_proj."), (".layer_norm1.", ".ln_1."), (".layer_norm2.", ".ln_2."),
        (".mlp.fc1.", ".mlp.c_fc."), (".mlp.fc2.", ".mlp.c_proj."),
    ];

    private readonly ICheckpoint _inner;
    private readonly Dictionary<string, string[]> _sources;

    public HuggingFaceNames(ICheckpoint inner)
    {
        _inner = inner;
        _sources = Sources(inner.Tensors.Keys);
        Tensors = _sources.ToDictionary(pair => pair.Key, pair => Stored(pair.Key, pair.Value), StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    public static bool Occur(IEnumerable<string> names) =>
        names.Any(name => name.StartsWith("text_model.", StringComparison.Ordinal) || name.StartsWith("vision_model.", StringComparison.Ordinal));

    public torch.Tensor Read(string name)
    {
        if (_sources[name] is not [var source]) return Concatenated(_sources[name]);
        var tensor = _inner.Read(source);
        if (!IsTransposed(source)) return tensor;
        using (tensor) return tensor.t();
    }

    public void Dispose() => _inner.Dispose();

    /// <summary>The stored tensors, one or the three of q, k, v, that make up each of OpenAI's.</summary>
    private static Dictionary<string, string[]> Sources(IEnumerable<string> names) => names
        .Where(name => !name.EndsWith(".position_ids", StringComparison.Ordinal)) // a buffer of 0, 1, 2, …
        .GroupBy(OpenAIName, StringComparer.Ordinal)
        .SelectMany(group => group.Count() == (IsInProjection(group.Key) ? 3 : 1)
            ? [KeyValuePair.Create(group.Key, group.OrderBy(InProjectionPart).ToArray())]
            : group.Select(name => KeyValuePair.Create(name, new[] { name })))
        .ToDictionary(StringComparer.Ordinal);

    private static string OpenAIName(string name)
    {
        if (name == "text_projection.weight") return "text_projection";
        if (name == "visual_projection.weight") return "visual.proj";
        foreach (var (from, to) in Stems)
            if (name.StartsWith(from, StringComparison.Ordinal)) name = to + name[from.Length..];
        foreach (var (from, to) in BlockParts) name = name.Replace(from, to, StringComparison.Ordinal);
        return InProjection().Replace(name, ".attn.in_proj_$2");
    }

    private static bool IsTransposed(string source) => source is "text_projection.weight" or "visual_projection.weight";

    private static bool IsInProjection(string name) => name.Contains(".attn.in_proj_", StringComparison.Ordinal);

    private static int InProjectionPart(string source) => "qkv".IndexOf(InProjection().Match(source).Groups[1].Value, StringComparison.Ordinal);

    private StoredTensor Stored(string name, string[] sources)
    {
        var first = _inner.Tensors[sources[0]];
        if (IsTransposed(sources[0]) && first.Shape is [var rows, var columns]) return first with { Shape = [columns, rows] };
        if (sources.Length == 1) return first;

        var parts = sources.Select(source => _inner.Tensors[source]).ToList();
        if (parts.Any(part => part.Shape.Count == 0 || part.Type != first.Type || !part.Shape.Skip(1).SequenceEqual(first.Shape.Skip(1))))
            throw new TaskResException(
                ErrorReason.CheckpointMismatch,
                $"{string.Join(", ", sources)}: their types or shapes differ ({string.Join(", ", parts.Select(part => $"{part.Type} [{string.Join(", ", part.Shape)}]"))}), so that they make no {name}.")
            {
                Field = sources[0],
            };
        return first with { Shape = [parts.Sum(part => part.Shape[0]), .. first.Shape.Skip(1)] };
    }

    private torch.Tensor Concatenated(string[] sources)
    {
        var parts = sources.Select(_inner.Read).ToList();
        var whole = torch.cat(parts);
        parts.ForEach(part => part.Dispose());
        return whole;
    }

    [GeneratedRegex(@"\.self_attn\.([qkv])_proj\.(weight|bias)$")]
    private static partial Regex InProjection();
}
