using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>An image encoder: a ViT or a modified ResNet.</summary>
internal interface IVisionTower
{
    /// <param name="pixels">batch × 3 × S × S, normalised, of any type.</param>
    /// <returns>batch × D, not normalised.</returns>
    Tensor Forward(Tensor pixels);
}
