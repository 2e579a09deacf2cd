using TaskRes.Core.Checkpoints;

namespace TaskRes.Core.Clip;

/// <summary>The two towers and the scale of their cosines.</summary>
internal sealed class ClipModel(ClipConfig config, Weights weights)
{
    public IVisionTower Visual { get; } = config.Vision switch
    {
        VitConfig vit => new VisionTransformer(weights, vit, config.ImageSize, config.EmbeddingDimension),
        ConvStemVitConfig vit => new ConvStemVisionTransformer(weights, vit, config.ImageSize, config.EmbeddingDimension),
        SiglipVitConfig vit => new SiglipVisionTransformer(weights, vit, config.ImageSize),
        ResNetConfig resNet => new ModifiedResNet(weights.NotBfloat16, resNet, config.ImageSize, config.EmbeddingDimension),
        _ => throw new NotSupportedException(config.Vision.GetType().Name),
    };

    public ITextTower Text { get; } = config.Padding is null ? new TextTransformer(weights, config) : new SiglipTextTransformer(weights, config);

    /// <summary>s = exp(logit_scale), about 100: logits are s times the cosine.</summary>
    public float LogitScale { get; } = MathF.Exp(weights.TakeScalar("logit_scale"));

    /// <summary>What SigLIP adds to every logit, for its sigmoid: the same for all classes, so that no softmax feels it. 0 for CLIP.</summary>
    public float LogitBias { get; } = config.Padding is null ? 0 : weights.TakeScalar("logit_bias");
}
