using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>A stack of <see cref="ResidualAttentionBlock"/>s.</summary>
internal sealed class Transformer(Weights weights, string name, TransformerConfig config, bool causal)
{
    private readonly ResidualAttentionBlock[] resblocks =
        [.. Enumerable.Range(0, config.Layers).Select(i => new ResidualAttentionBlock(weights, $"{name}.resblocks.{i}", config, causal))];

    /// <param name="x">batch × tokens × width.</param>
    public Tensor Forward(Tensor x)
    {
        foreach (var block in resblocks)
        {
            var input = x;
            x = block.Forward(input);
            input.Dispose();
        }
        return x;
    }
}
