using System.Text.RegularExpressions;

namespace TaskRes.Core.Checkpoints;

/// <summary>
/// Presents the tensors of a Hugging Face <c>CLIPModel</c> under OpenAI's names: the three attention projections
/// concatenated (q, k, v), the two output projections transposed. Names that are not known pass through unchanged, to be
/// reported as extra.
/// </summary>
internal sealed partial class HuggingFaceNames : RenamedCheckpoint
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

    public HuggingFaceNames(ICheckpoint inner)
        : base(inner, Sources(inner.Tensors.Keys))
    {
    }

    public static bool Occur(IEnumerable<string> names) =>
        names.Any(name => name.StartsWith("text_model.", StringComparison.Ordinal) || name.StartsWith("vision_model.", StringComparison.Ordinal));

    private static IEnumerable<Renamed> Sources(IEnumerable<string> names) => Grouped(
            names.Where(name => !name.EndsWith(".position_ids", StringComparison.Ordinal)), // a buffer of 0, 1, 2, …
            OpenAIName,
            name => IsInProjection(name) ? 3 : 1,
            InProjectionPart)
        .Select(tensor => new Renamed(tensor.Name, tensor.Sources, IsTransposed(tensor.Sources[0]) ? Layout.Transposed : Layout.AsStored));

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

    [GeneratedRegex(@"\.self_attn\.([qkv])_proj\.(weight|bias)$")]
    private static partial Regex InProjection();
}
