using System.Numerics.Tensors;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning.Evidence;

/// <summary>
/// A prior for where nothing can be held out: a class keeps as much of its residual as the base is unsure of its examples,
/// <c>(1 − λ_k)·x_k</c> with CLAP's λ. It is no evidence.
/// </summary>
internal static class ClassShrinkage
{
    /// <returns>Base and shrunk residual alone.</returns>
    public static FewShotClassifier Apply(FewShotTask task, FewShotClassifier classifier)
    {
        var (confidence, shrunk) = (LinearProbe.Confidence(task), Matrix.Zeros(classifier.Residual.Rows, classifier.Residual.Columns));
        for (var row = 0; row < shrunk.Rows; row++)
            TensorPrimitives.Multiply(classifier.Residual.Row(row), 1 - confidence[row], shrunk.Values.AsSpan(row * shrunk.Columns, shrunk.Columns));
        return classifier with { Residual = shrunk, Image = null, Added = null };
    }
}
