using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>A text encoder: CLIP's, or SigLIP's.</summary>
internal interface ITextTower
{
    /// <param name="ids">batch × tokens, int64.</param>
    /// <param name="pooled">batch, int64: the place of the token that each row's embedding is taken from.</param>
    /// <returns>batch × D, not normalised.</returns>
    Tensor Forward(Tensor ids, Tensor pooled);
}
