using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TaskRes.Core.Clip;

/// <summary>
/// Pooling by attention: the mean of all places asks, the places and the mean answer (openai/CLIP model.py,
/// AttentionPool2d).
/// </summary>
internal sealed class AttentionPool2d
{
    private readonly Tensor positional_embedding;
    private readonly Tensor q_proj_weight, q_proj_bias, k_proj_weight, k_proj_bias, v_proj_weight, v_proj_bias, c_proj_weight, c_proj_bias;
    private readonly int _heads;

    public AttentionPool2d(Weights weights, string name, int grid, int width, int heads, int outputWidth)
    {
        _heads = heads;
        positional_embedding = weights.Take($"{name}.positional_embedding", grid * grid + 1, width);
        q_proj_weight = weights.Take($"{name}.q_proj.weight", width, width);
        q_proj_bias = weights.Take($"{name}.q_proj.bias", width);
        k_proj_weight = weights.Take($"{name}.k_proj.weight", width, width);
        k_proj_bias = weights.Take($"{name}.k_proj.bias", width);
        v_proj_weight = weights.Take($"{name}.v_proj.weight", width, width);
        v_proj_bias = weights.Take($"{name}.v_proj.bias", width);
        c_proj_weight = weights.Take($"{name}.c_proj.weight", outputWidth, width);
        c_proj_bias = weights.Take($"{name}.c_proj.bias", outputWidth);
    }

    /// <param name="x">batch × width × grid × grid.</param>
    /// <returns>batch × output width.</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = x.flatten(2).transpose(1, 2);                                  // B×C×g×g → B×g²×C
        x = cat([x.mean([1], keepdim: true), x], 1) + positional_embedding; // B×(g²+1)×C
        var q = Heads(linear(x.narrow(1, 0, 1), q_proj_weight, q_proj_bias));
        var k = Heads(linear(x, k_proj_weight, k_proj_bias));
        var v = Heads(linear(x, v_proj_weight, v_proj_bias));
        var pooled = scaled_dot_product_attention(q, k, v)
            .transpose(1, 2)                                               // B×H×1×d → B×1×H×d
            .flatten(1);                                                   // → B×C
        return linear(pooled, c_proj_weight, c_proj_bias).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor x) => x
        .view(x.shape[0], x.shape[1], _heads, x.shape[2] / _heads)         // B×N×C → B×N×H×d
        .transpose(1, 2);                                                  // → B×H×N×d
}
