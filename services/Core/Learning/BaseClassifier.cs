using System.Numerics.Tensors;

namespace TaskRes.Core.Learning;

/// <summary>The frozen K×D classifier t that a residual is added to.</summary>
public static class BaseClassifier
{
    /// <summary>
    /// From text: the mean of the raw text-encoder outputs of a class's prompts. It is not normalised, for the residual is
    /// added before normalisation and its step size is relative to ‖t‖.
    /// </summary>
    /// <param name="rawTextEmbeddingsPerClass">For each class one D-vector for each template.</param>
    /// <exception cref="TaskResException">FeaturesInvalid where a class has none, dimensions differ, or a value is not finite.</exception>
    public static Matrix FromPrompts(IReadOnlyList<IReadOnlyList<float[]>> rawTextEmbeddingsPerClass)
    {
        var means = rawTextEmbeddingsPerClass.Select((prompts, index) =>
            ColumnMeans(Matrix.FromRows(prompts, $"text_embeddings[{index}]"))).ToList();
        return Matrix.FromRows(means, "text_embeddings").EnsureFinite("text_embeddings");
    }

    /// <summary>From images alone: each class's mean of the L2-normalised support features, L2-normalised again.</summary>
    /// <param name="features">N×D image features, normalised or not.</param>
    /// <param name="labels">N class indices below <paramref name="classes"/>.</param>
    /// <param name="classes">K.</param>
    /// <exception cref="TaskResException">
    /// NoExamples for a class without support; UnknownLabel; FeaturesInvalid for features that are not finite or are zero.
    /// </exception>
    public static Matrix FromClassMeans(Matrix features, int[] labels, int classes)
    {
        LabelCheck.Validate(labels, features.Rows, classes);
        RequireSupport(labels, classes);
        var unit = features.EnsureFinite("features").Normalized("features");
        var sums = Matrix.Zeros(classes, features.Columns);
        for (var row = 0; row < unit.Rows; row++)
        {
            var sum = sums.Values.AsSpan(labels[row] * sums.Columns, sums.Columns);
            TensorPrimitives.Add(sum, unit.Row(row), sum);
        }
        return sums.Normalized("class means");
    }

    private static float[] ColumnMeans(Matrix rows)
    {
        var mean = new float[rows.Columns];
        for (var row = 0; row < rows.Rows; row++) TensorPrimitives.Add(mean, rows.Row(row), mean);
        TensorPrimitives.Divide(mean, (float)rows.Rows, mean);
        return mean;
    }

    private static void RequireSupport(int[] labels, int classes)
    {
        var supported = labels.ToHashSet();
        if (supported.Count == classes) return;
        var missing = Enumerable.Range(0, classes).First(index => !supported.Contains(index));
        throw new TaskResException(ErrorReason.NoExamples, $"Class {missing} has no example, and a class-mean base needs one of each: add one, or use a base made from text.")
        {
            Field = $"classes[{missing}]",
            Metadata = new Dictionary<string, string> { ["class"] = $"{missing}" },
        };
    }
}
