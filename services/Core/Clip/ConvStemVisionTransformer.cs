using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TaskRes.Core.Clip;

/// <summary>
/// MobileCLIP-B's image tower (Vasu, Pouransari, Faghri, Vemulapalli, Tuzel: "MobileCLIP: Fast Image-Text Models through
/// Multi-Modal Reinforced Training", CVPR 2024): a ViT whose patches are embedded by three convolutions that do not overlap, and
/// whose class token has no position (timm's vision_transformer_hybrid.py, vit_base_mci_224).
/// </summary>
internal sealed class ConvStemVisionTransformer : IVisionTower
{
    private readonly NormalizedConv2d stem_0, stem_1;
    private readonly Tensor stem_2_weight, stem_2_bias, class_embedding, positional_embedding, head_weight, head_bias;
    private readonly LayerNorm ln_post;
    private readonly Transformer transformer;
    private readonly int _lastKernel;

    public ConvStemVisionTransformer(Weights weights, ConvStemVitConfig config, int imageSize, int embeddingDimension)
    {
        var (width, stem, grid) = (config.Transformer.Width, config.StemWidth, imageSize / config.PatchSize);
        var (first, second, last) = config.Kernels;
        _lastKernel = last;
        stem_0 = new NormalizedConv2d(weights, "visual.stem.0.conv", "visual.stem.0.bn", (stem, 3, first), stride: first, padding: 0);
        stem_1 = new NormalizedConv2d(weights, "visual.stem.1.conv", "visual.stem.1.bn", (stem, stem, second), stride: second, padding: 0);
        stem_2_weight = weights.Take("visual.stem.2.conv.weight", width, stem, last, last);
        stem_2_bias = weights.Take("visual.stem.2.conv.bias", width);
        class_embedding = weights.Take("visual.class_embedding", width);
        positional_embedding = weights.Take("visual.positional_embedding", grid * grid, width);
        transformer = new Transformer(weights, "visual.transformer", config.Transformer, causal: false);
        ln_post = new LayerNorm(weights, "visual.ln_post", width, config.Transformer.Eps);
        head_weight = weights.Take("visual.head.weight", embeddingDimension, width);
        head_bias = weights.Take("visual.head.bias", embeddingDimension);
    }

    public Tensor Forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var x = gelu(stem_0.Forward(pixels.to_type(stem_0.Type)));         // B×3×S×S → B×C₀×S/4×S/4
        x = gelu(stem_1.Forward(x));                                       // → B×C₀×S/8×S/8
        x = conv2d(x, stem_2_weight, stem_2_bias, strides: [_lastKernel, _lastKernel]) // → B×C×g×g
            .flatten(2)                                                    // → B×C×g²
            .transpose(1, 2) + positional_embedding;                       // → B×g²×C
        var classToken = class_embedding.expand(x.shape[0], 1, -1);        // C → B×1×C
        x = transformer.Forward(cat([classToken, x], 1), tokens => tokens.narrow(1, 0, 1)); // the class token: B×(g²+1)×C → B×C
        return linear(ln_post.Forward(x), head_weight, head_bias).MoveToOuterDisposeScope(); // B×D
    }
}
