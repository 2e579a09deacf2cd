namespace TaskRes.Core.Learning.Descent;

/// <summary>Cross-entropy of the logits <c>s · û·v̂ᵀ</c> of images u and classes v, and its gradients.</summary>
/// <param name="Loss">Mean over the batch.</param>
/// <param name="Accuracy">Share of the batch that is classified right.</param>
/// <param name="ByLogits">(p − y)/B, B×K.</param>
/// <param name="Images">û.</param>
/// <param name="Classes">v̂.</param>
/// <param name="LogitScale">s.</param>
internal sealed record CosineLoss(double Loss, double Accuracy, Matrix ByLogits, UnitRows Images, UnitRows Classes, double LogitScale)
{
    /// <param name="images">u, B×D.</param>
    /// <param name="classes">v, K×D.</param>
    /// <param name="logitScale">s.</param>
    /// <param name="labels">B class indices.</param>
    public static CosineLoss Of(UnitRows images, Matrix classes, double logitScale, int[] labels)
    {
        var unit = UnitRows.Of(classes);
        var logits = Dense.Scale(Dense.RowProducts(images.Values, unit.Values), logitScale);
        var loss = SoftmaxLoss.Differentiate(logits, labels);
        return new CosineLoss(loss.Mean, loss.Accuracy, logits, images, unit, logitScale);
    }

    /// <summary>By u, B×D.</summary>
    public Matrix ByImages() => Images.Backward(Dense.Scale(Dense.Product(ByLogits, Classes.Values), LogitScale));

    /// <summary>By v, K×D.</summary>
    public Matrix ByClasses() => Classes.Backward(Dense.Scale(Dense.WeightedSums(ByLogits, Images.Values), LogitScale));
}
