using static TorchSharp.torch;

namespace TaskRes.BundledModel.Training;

/// <summary>
/// CLIP's symmetric cross-entropy (Radford et al. 2021, section 2.3) over the cosines of a batch; pairs that only look like
/// negatives take no part.
/// </summary>
internal static class ContrastiveLoss
{
    private const float Excluded = -1e4f;

    /// <param name="images">B×D, raw.</param>
    /// <param name="texts">B×D, raw.</param>
    /// <param name="scale">s, a scalar.</param>
    /// <param name="falseNegatives">B×B, true where image i and text j belong together though i ≠ j.</param>
    public static Tensor Of(Tensor images, Tensor texts, Tensor scale, Tensor falseNegatives)
    {
        var cosines = nn.functional.normalize(images, dim: 1).matmul(nn.functional.normalize(texts, dim: 1).t()); // B×B
        var logits = (scale * cosines).masked_fill(falseNegatives, Excluded);
        var pairs = arange(images.shape[0], ScalarType.Int64);
        return (nn.functional.cross_entropy(logits, pairs) + nn.functional.cross_entropy(logits.t(), pairs)) / 2;
    }
}
