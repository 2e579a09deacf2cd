using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TaskRes.Core.Clip;

/// <summary>
/// The image tower of the ViT family: patches and a class token through a transformer; the class token, projected, is the
/// embedding (openai/CLIP model.py, VisionTransformer).
/// </summary>
internal sealed class VisionTransformer : IVisionTower
{
    private readonly Tensor conv1_weight, class_embedding, positional_embedding, proj;
    private readonly LayerNorm ln_pre, ln_post;
    private readonly Transformer transformer;
    private readonly int _patch;

    public VisionTransformer(Weights weights, VitConfig config, int imageSize, int embeddingDimension)
    {
        var (width, grid, eps) = (config.Transformer.Width, imageSize / config.PatchSize, config.Transformer.Eps);
        _patch = config.PatchSize;
        conv1_weight = weights.Take("visual.conv1.weight", width, 3, _patch, _patch);
        class_embedding = weights.Take("visual.class_embedding", width);
        positional_embedding = weights.Take("visual.positional_embedding", grid * grid + 1, width);
        ln_pre = new LayerNorm(weights, "visual.ln_pre", width, eps);
        transformer = new Transformer(weights, "visual.transformer", config.Transformer, causal: false);
        ln_post = new LayerNorm(weights, "visual.ln_post", width, eps);
        proj = weights.Take("visual.proj", width, embeddingDimension);
    }

    public Tensor Forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var x = conv2d(pixels.to_type(conv1_weight.dtype), conv1_weight, strides: [_patch, _patch]) // B×3×S×S → B×C×g×g
            .flatten(2)                                                    // → B×C×g²
            .transpose(1, 2);                                              // → B×g²×C
        var classToken = class_embedding.expand(x.shape[0], 1, -1);        // C → B×1×C
        x = cat([classToken, x], 1) + positional_embedding;                // B×(g²+1)×C
        x = transformer.Forward(ln_pre.Forward(x), tokens => tokens.narrow(1, 0, 1)); // the class token: B×C
        x = ln_post.Forward(x);
        return x.matmul(proj).MoveToOuterDisposeScope();                   // B×D
    }
}
