using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TaskRes.Core.Clip;

/// <summary>A learnt question that attends to all tokens, then an MLP (SiglipMultiheadAttentionPoolingHead).</summary>
internal sealed class AttentionPoolingHead
{
    private readonly Tensor probe;
    private readonly Linear attention_in_proj, attention_out_proj, mlp_fc1, mlp_fc2;
    private readonly LayerNorm layernorm;
    private readonly Activation _activation;
    private readonly int _heads;

    public AttentionPoolingHead(Weights weights, string name, TransformerConfig config)
    {
        var (width, mlp, scale) = (config.Width, config.MlpWidth, config.Activation.Scale());
        (_activation, _heads) = (config.Activation, config.Heads);
        probe = weights.Take($"{name}.probe", 1, 1, width);
        attention_in_proj = Linear.Take(weights, $"{name}.attention.in_proj_weight", $"{name}.attention.in_proj_bias", (3 * width, width));
        attention_out_proj = Linear.Take(weights, $"{name}.attention.out_proj.weight", $"{name}.attention.out_proj.bias", (width, width));
        layernorm = new LayerNorm(weights, $"{name}.layernorm", width, config.Eps);
        mlp_fc1 = Linear.Take(weights, $"{name}.mlp.c_fc.weight", $"{name}.mlp.c_fc.bias", (mlp, width), (scale, scale));
        mlp_fc2 = Linear.Take(weights, $"{name}.mlp.c_proj.weight", $"{name}.mlp.c_proj.bias", (width, mlp), (1 / scale, 1));
    }

    /// <param name="x">batch × tokens × width.</param>
    /// <returns>batch × width.</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var q = attention_in_proj.Part(0, (int)width).Forward(probe)
            .view(1, 1, _heads, width / _heads).transpose(1, 2)            // 1×1×C → 1×H×1×d
            .expand(batch, -1, -1, -1);                                    // → B×H×1×d
        var kv = attention_in_proj.Part((int)width, 2 * (int)width).Forward(x)
            .view(batch, tokens, 2, _heads, width / _heads)                // B×N×2C → B×N×2×H×d
            .permute(2, 0, 3, 1, 4);                                       // → 2×B×H×N×d
        var attended = scaled_dot_product_attention(q, kv[0], kv[1]);      // B×H×1×d
        var pooled = attention_out_proj.Forward(attended.transpose(1, 2).flatten(2)); // → B×1×C
        return mlp_fc2.ForwardAdd(mlp_fc1.ForwardActivated(layernorm.Forward(pooled), _activation), pooled).squeeze(1).MoveToOuterDisposeScope();
    }
}
