using System.Text.RegularExpressions;

namespace TaskRes.Core.Checkpoints;

/// <summary>
/// Presents the tensors of an OpenCLIP model whose image tower is one of timm's (<c>visual.trunk.*</c>) and whose text tower
/// stands by itself (<c>text.*</c>) under the names that our towers know: OpenAI's, and what SigLIP alone has under Hugging
/// Face's. Names that are not known pass through, to be reported as extra.
/// </summary>
internal sealed partial class OpenClipNames : RenamedCheckpoint
{
    private const string Trunk = "visual.trunk.", Text = "text.", Apple = "image_encoder.model.";
    private const string ConvStem = $"{Trunk}patch_embed.backbone.0.conv.weight", AttentionPool = $"{Trunk}attn_pool.latent";
    private const string Projection = $"{Text}text_projection.weight", ProjectionBias = $"{Text}text_projection.bias";
    private const string InProjection = "vision_model.head.attention.in_proj_";

    private static readonly (string OpenClip, string Own)[] Stems =
    [
        ("patch_embed.backbone.", "visual.stem."),
        ("patch_embed.proj.", "visual.conv1."),
        ("cls_token", "visual.class_embedding"),
        ("pos_embed", "visual.positional_embedding"),
        ("blocks.", "visual.transformer.resblocks."),
        ("norm.", "visual.ln_post."),
        ("head.", "visual.head."),
        ("attn_pool.latent", "vision_model.head.probe"),
        ("attn_pool.proj.", "vision_model.head.attention.out_proj."),
        ("attn_pool.norm.", "vision_model.head.layernorm."),
        ("attn_pool.mlp.", "vision_model.head.mlp."),
    ];

    private static readonly (string OpenClip, string Own)[] BlockParts =
    [
        (".norm1.", ".ln_1."), (".norm2.", ".ln_2."), (".attn.qkv.", ".attn.in_proj_"), (".attn.proj.", ".attn.out_proj."),
        (".mlp.fc1.", ".mlp.c_fc."), (".mlp.fc2.", ".mlp.c_proj."),
    ];

    /// <param name="inner">The weights.</param>
    /// <param name="path">What to call them in errors.</param>
    /// <exception cref="TaskResException">CheckpointUnsupported for an image tower that is not read.</exception>
    public OpenClipNames(ICheckpoint inner, string path)
        : base(inner, Sources(RequireKnown([.. inner.Tensors.Keys], path)))
    {
    }

    public static bool Occur(IEnumerable<string> names) => names.Any(name =>
        name.StartsWith(Trunk, StringComparison.Ordinal) || name.StartsWith(Text, StringComparison.Ordinal) || name.StartsWith(Apple, StringComparison.Ordinal));

    private static HashSet<string> RequireKnown(HashSet<string> names, string path)
    {
        const string Known = "of the models with such towers, OpenCLIP's files of MobileCLIP-B and MobileCLIP2-B "
            + $"({ConvStem}) and of SigLIP ({AttentionPool}) are read";
        if (names.Any(name => name.StartsWith(Apple, StringComparison.Ordinal)))
            throw CheckpointErrors.Unsupported(path, $"its tensors have the names of Apple's own MobileCLIP files ({Apple}*); {Known}");
        if (names.Any(name => name.StartsWith(Trunk, StringComparison.Ordinal)) && !names.Contains(ConvStem) && !names.Contains(AttentionPool))
            throw CheckpointErrors.Unsupported(path, $"its image tower ({Trunk}*) is one of timm's that is not read, such as the FastViT of MobileCLIP-S0 to -S4; {Known}");
        return names;
    }

    private static IEnumerable<Renamed> Sources(HashSet<string> names)
    {
        // A projection with a bias is SigLIP's head; one without is CLIP's, stored as a layer.
        var isHead = names.Contains(ProjectionBias);
        return Grouped(names, name => OwnName(name, isHead), name => name.StartsWith(InProjection, StringComparison.Ordinal) ? 2 : 1, name => name.Contains(".kv.", StringComparison.Ordinal) ? 1 : 0)
            .Select(tensor => new Renamed(tensor.Name, tensor.Sources, LayoutOf(tensor.Sources[0], isHead)));
    }

    private static Layout LayoutOf(string name, bool isHead) => name switch
    {
        $"{Trunk}pos_embed" or $"{Trunk}cls_token" => Layout.Squeezed,
        Projection when !isHead => Layout.Transposed,
        _ => Layout.AsStored,
    };

    private static string OwnName(string name, bool isHead)
    {
        if (name is Projection) return isHead ? "text_model.head.weight" : "text_projection";
        if (name is ProjectionBias) return "text_model.head.bias";
        if (name.StartsWith(Text, StringComparison.Ordinal)) return name[Text.Length..];
        if (!name.StartsWith(Trunk, StringComparison.Ordinal)) return name;
        if (PoolInProjection().Match(name) is { Success: true } match) return InProjection + match.Groups[1].Value;
        var inTrunk = name[Trunk.Length..];
        foreach (var (from, to) in Stems)
            if (inTrunk.StartsWith(from, StringComparison.Ordinal))
                return BlockParts.Aggregate(to + inTrunk[from.Length..], (own, part) => own.Replace(part.OpenClip, part.Own, StringComparison.Ordinal));
        return name;
    }

    [GeneratedRegex(@"^visual\.trunk\.attn_pool\.(?:q|kv)\.(weight|bias)$")]
    private static partial Regex PoolInProjection();
}
