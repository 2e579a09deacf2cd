using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TaskRes.Core.Clip;

/// <summary>
/// The transformer block of both towers: x + attention(ln_1(x)), then x + mlp(ln_2(x)) (Radford et al. 2021, section 2.4;
/// openai/CLIP model.py, ResidualAttentionBlock).
/// </summary>
internal sealed class ResidualAttentionBlock
{
    private readonly Linear attn_in_proj, attn_out_proj, mlp_c_fc, mlp_c_proj;
    private readonly LayerNorm ln_1, ln_2;
    private readonly Activation _activation;
    private readonly bool _causal;
    private readonly int _heads;

    /// <param name="weights">Where the tensors come from.</param>
    /// <param name="name">Their common prefix, such as <c>visual.transformer.resblocks.0</c>.</param>
    /// <param name="config">The sizes of the transformer.</param>
    /// <param name="causal">Whether a token sees only those before it, as in the text tower.</param>
    public ResidualAttentionBlock(Weights weights, string name, TransformerConfig config, bool causal)
    {
        var (width, mlp, scale) = (config.Width, config.MlpWidth, config.Activation.Scale());
        (_activation, _causal, _heads) = (config.Activation, causal, config.Heads);
        ln_1 = new LayerNorm(weights, $"{name}.ln_1", width, config.Eps);
        attn_in_proj = Linear.Take(weights, $"{name}.attn.in_proj_weight", $"{name}.attn.in_proj_bias", (3 * width, width));
        attn_out_proj = Linear.Take(weights, $"{name}.attn.out_proj.weight", $"{name}.attn.out_proj.bias", (width, width));
        ln_2 = new LayerNorm(weights, $"{name}.ln_2", width, config.Eps);
        mlp_c_fc = Linear.Take(weights, $"{name}.mlp.c_fc.weight", $"{name}.mlp.c_fc.bias", (mlp, width), (scale, scale));
        mlp_c_proj = Linear.Take(weights, $"{name}.mlp.c_proj.weight", $"{name}.mlp.c_proj.bias", (width, mlp), (1 / scale, 1));
    }

    /// <param name="x">batch × tokens × width.</param>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var qkv = attn_in_proj.Forward(ln_1.Forward(x))
            .view(batch, tokens, 3, _heads, width / _heads)                // B×N×3C → B×N×3×H×d
            .permute(2, 0, 3, 1, 4);                                       // → 3×B×H×N×d
        var attended = scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], is_casual: _causal); // B×H×N×d
        return Finish(x, attended).MoveToOuterDisposeScope();
    }

    /// <summary>The same for one token of each row alone: it asks, all answer, and only it goes on.</summary>
    /// <param name="x">batch × tokens × width.</param>
    /// <param name="choose">batch × tokens × width → batch × 1 × width.</param>
    /// <param name="visible">batch × 1 × 1 × tokens, which tokens it sees; null is all.</param>
    /// <returns>batch × 1 × width.</returns>
    public Tensor ForwardOne(Tensor x, Func<Tensor, Tensor> choose, Tensor? visible)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var normalized = ln_1.Forward(x);
        var q = attn_in_proj.Part(0, (int)width).Forward(choose(normalized))
            .view(batch, 1, _heads, width / _heads)                        // B×1×C → B×1×H×d
            .transpose(1, 2);                                              // → B×H×1×d
        var kv = attn_in_proj.Part((int)width, 2 * (int)width).Forward(normalized)
            .view(batch, tokens, 2, _heads, width / _heads)                // B×N×2C → B×N×2×H×d
            .permute(2, 0, 3, 1, 4);                                       // → 2×B×H×N×d
        var attended = scaled_dot_product_attention(q, kv[0], kv[1], attn_mask: visible); // B×H×1×d
        return Finish(choose(x), attended).MoveToOuterDisposeScope();
    }

    /// <param name="x">What came in.</param>
    /// <param name="attended">batch × heads × tokens × width of a head.</param>
    private Tensor Finish(Tensor x, Tensor attended)
    {
        x = attn_out_proj.ForwardAdd(attended.transpose(1, 2).flatten(2), x); // B×H×N×d → B×N×H×d → B×N×C
        return mlp_c_proj.ForwardAdd(mlp_c_fc.ForwardActivated(ln_2.Forward(x), _activation), x);
    }
}
