using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TaskRes.Core.Clip;

/// <summary>
/// SigLIP's image tower: patches without a class token through a transformer, and a learnt question that attends to them all
/// (transformers' modeling_siglip.py, SiglipVisionTransformer).
/// </summary>
internal sealed class SiglipVisionTransformer : IVisionTower
{
    private readonly Tensor conv1_weight, conv1_bias, positional_embedding;
    private readonly Transformer transformer;
    private readonly LayerNorm ln_post;
    private readonly AttentionPoolingHead head;
    private readonly int _patch;

    public SiglipVisionTransformer(Weights weights, SiglipVitConfig config, int imageSize)
    {
        var (width, grid) = (config.Transformer.Width, imageSize / config.PatchSize);
        _patch = config.PatchSize;
        conv1_weight = weights.Take("visual.conv1.weight", width, 3, _patch, _patch);
        conv1_bias = weights.Take("visual.conv1.bias", width);
        positional_embedding = weights.Take("visual.positional_embedding", grid * grid, width);
        transformer = new Transformer(weights, "visual.transformer", config.Transformer, causal: false);
        ln_post = new LayerNorm(weights, "visual.ln_post", width, config.Transformer.Eps);
        head = new AttentionPoolingHead(weights, "vision_model.head", config.Transformer);
    }

    public Tensor Forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var x = conv2d(pixels.to_type(conv1_weight.dtype), conv1_weight, conv1_bias, strides: [_patch, _patch]) // B×3×S×S → B×C×g×g
            .flatten(2)                                                    // → B×C×g²
            .transpose(1, 2) + positional_embedding;                       // → B×g²×C
        x = ln_post.Forward(transformer.ForwardAll(x));                    // B×g²×C
        return head.Forward(x).MoveToOuterDisposeScope();                  // B×C, and D is C
    }
}
