using TaskRes.Core.Checkpoints;

namespace TaskRes.Core.Clip;

/// <summary>The two towers and the scale of their cosines.</summary>
internal sealed class ClipModel(ClipConfig config, Weights weights)
{
    public IVisionTower Visual { get; } = config.Vision switch
    {
        VitConfig vit => new VisionTransformer(weights, vit, config.ImageSize, config.EmbeddingDimension),
        ResNetConfig resNet => new ModifiedResNet(weights.NotBfloat16, resNet, config.ImageSize, config.EmbeddingDimension),
        _ => throw new NotSupportedException(config.Vision.GetType().Name),
    };

    public TextTransformer Text { get; } = new(weights, config);

    /// <summary>s = exp(logit_scale), about 100: logits are s times the cosine.</summary>
    public float LogitScale { get; } = MathF.Exp(weights.TakeScalar("logit_scale"));
}
