namespace TaskRes.Core.Learning.Descent;

/// <summary>Cross-entropy of the logits <c>s · û·v̂ᵀ + R</c> of images u and classes v, and its gradients.</summary>
/// <param name="Loss">Mean over the batch.</param>
/// <param name="ByLogits">(p − y)/B, B×K.</param>
/// <param name="Images">û.</param>
/// <param name="Classes">v̂.</param>
/// <param name="LogitScale">s.</param>
internal sealed record CosineLoss(double Loss, Matrix ByLogits, UnitRows Images, UnitRows Classes, double LogitScale)
{
    /// <param name="images">u, B×D.</param>
    /// <param name="classes">v, K×D.</param>
    /// <param name="logitScale">s.</param>
    /// <param name="labels">B class indices.</param>
    /// <param name="added">R, B×K; null for none.</param>
    public static CosineLoss Of(Matrix images, Matrix classes, double logitScale, int[] labels, Matrix? added = null)
    {
        var (u, v) = (new UnitRows(images), new UnitRows(classes));
        var logits = Dense.Scaled(Dense.RowProducts(u.Values, v.Values), logitScale);
        if (added is not null) logits = Dense.Sum(logits, added);
        var loss = SoftmaxLoss.Differentiate(logits, labels);
        return new CosineLoss(loss, logits, u, v, logitScale);
    }

    /// <summary>By u, B×D.</summary>
    public Matrix ByImages() => Images.Backward(Dense.Scaled(Dense.Product(ByLogits, Classes.Values), LogitScale));

    /// <summary>By v, K×D.</summary>
    public Matrix ByClasses() => Classes.Backward(Dense.Scaled(Dense.WeightedSums(ByLogits, Images.Values), LogitScale));
}
