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
    private readonly Tensor attn_in_proj_weight, attn_in_proj_bias, attn_out_proj_weight, attn_out_proj_bias;
    private readonly Tensor mlp_c_fc_weight, mlp_c_fc_bias, mlp_c_proj_weight, mlp_c_proj_bias;
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
        attn_in_proj_weight = weights.Take($"{name}.attn.in_proj_weight", 3 * width, width);
        attn_in_proj_bias = weights.Take($"{name}.attn.in_proj_bias", 3 * width);
        attn_out_proj_weight = weights.Take($"{name}.attn.out_proj.weight", width, width);
        attn_out_proj_bias = weights.Take($"{name}.attn.out_proj.bias", width);
        ln_2 = new LayerNorm(weights, $"{name}.ln_2", width, config.Eps);
        mlp_c_fc_weight = weights.TakeScaled($"{name}.mlp.c_fc.weight", scale, mlp, width);
        mlp_c_fc_bias = weights.TakeScaled($"{name}.mlp.c_fc.bias", scale, mlp);
        mlp_c_proj_weight = weights.TakeScaled($"{name}.mlp.c_proj.weight", 1 / scale, width, mlp);
        mlp_c_proj_bias = weights.Take($"{name}.mlp.c_proj.bias", width);
    }

    /// <param name="x">batch × tokens × width.</param>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = Attention(ln_1.Forward(x)).add_(x);
        x = Mlp(ln_2.Forward(x)).add_(x);
        return x.MoveToOuterDisposeScope();
    }

    private Tensor Attention(Tensor x)
    {
        var (batch, tokens, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var qkv = linear(x, attn_in_proj_weight, attn_in_proj_bias)
            .view(batch, tokens, 3, _heads, width / _heads)                // B×N×3C → B×N×3×H×d
            .permute(2, 0, 3, 1, 4);                                       // → 3×B×H×N×d
        x = scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], is_casual: _causal)
            .transpose(1, 2)                                               // B×H×N×d → B×N×H×d
            .reshape(batch, tokens, width);                                // → B×N×C
        return linear(x, attn_out_proj_weight, attn_out_proj_bias);
    }

    private Tensor Mlp(Tensor x)
    {
        x = _activation.ApplyScaled(linear(x, mlp_c_fc_weight, mlp_c_fc_bias));
        return linear(x, mlp_c_proj_weight, mlp_c_proj_bias);
    }
}
