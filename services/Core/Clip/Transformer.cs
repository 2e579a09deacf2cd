using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>A stack of <see cref="ResidualAttentionBlock"/>s.</summary>
internal sealed class Transformer(Weights weights, string name, TransformerConfig config, bool causal)
{
    private readonly ResidualAttentionBlock[] resblocks =
        [.. Enumerable.Range(0, config.Layers).Select(i => new ResidualAttentionBlock(weights, $"{name}.resblocks.{i}", config, causal))];

    /// <summary>What becomes of one token of each row; in the last block the others only answer it.</summary>
    /// <param name="x">batch × tokens × width; disposed.</param>
    /// <param name="choose">batch × tokens × width → batch × 1 × width.</param>
    /// <param name="visible">batch × 1 × 1 × tokens, which tokens the chosen one sees; null is all.</param>
    /// <returns>batch × width.</returns>
    public Tensor Forward(Tensor x, Func<Tensor, Tensor> choose, Tensor? visible = null)
    {
        foreach (var block in resblocks[..^1]) x = Replace(x, block.Forward(x));
        return Replace(x, resblocks[^1].ForwardOne(x, choose, visible)).squeeze(1);
    }

    /// <summary>What becomes of all tokens.</summary>
    /// <param name="x">batch × tokens × width; disposed.</param>
    /// <returns>batch × tokens × width.</returns>
    public Tensor ForwardAll(Tensor x)
    {
        foreach (var block in resblocks) x = Replace(x, block.Forward(x));
        return x;
    }

    private static Tensor Replace(Tensor input, Tensor output)
    {
        input.Dispose();
        return output;
    }
}
