using System.Numerics.Tensors;

namespace TaskRes.Core.Learning;

/// <summary>
/// Logits <c>s · ẑ · t̂'ᵀ</c> with t' = t + αx: s·t̂' is folded into one packed K×D matrix once. Immutable.
/// </summary>
internal sealed class CosineClassifier
{
    private readonly Matrix _weights;

    /// <param name="baseClassifier">t, K×D.</param>
    /// <param name="residual">x, K×D.</param>
    /// <param name="alpha">α.</param>
    /// <param name="logitScale">s.</param>
    /// <exception cref="TaskResException">FeaturesInvalid where a row of t + αx has no direction.</exception>
    public CosineClassifier(Matrix baseClassifier, Matrix residual, double alpha, double logitScale)
    {
        var target = Matrix.Zeros(baseClassifier.Rows, baseClassifier.Columns);
        TensorPrimitives.MultiplyAdd(residual.Values, (float)alpha, baseClassifier.Values, target.Values);
        _weights = target.Normalized("classifier");
        TensorPrimitives.Multiply(_weights.Values, (float)logitScale, _weights.Values);
    }

    /// <summary>The base alone.</summary>
    public CosineClassifier(Matrix baseClassifier)
        : this(baseClassifier, Matrix.Zeros(baseClassifier.Rows, baseClassifier.Columns), 0, 1)
    {
    }

    /// <summary>K.</summary>
    public int Classes => _weights.Rows;

    /// <summary>D.</summary>
    public int Dimensions => _weights.Columns;

    /// <summary>The logits of all classes for one image embedding, normalised or not.</summary>
    /// <exception cref="TaskResException">FeaturesInvalid for another dimension, NaN, infinity or zero.</exception>
    public void Logits(ReadOnlySpan<float> rawEmbedding, Span<float> logits)
    {
        var length = Length(rawEmbedding);
        MatrixVector.Multiply(_weights, rawEmbedding, logits);
        TensorPrimitives.Divide(logits, length, logits);
    }

    /// <summary>‖z‖ of an image embedding that can be scored.</summary>
    /// <exception cref="TaskResException">FeaturesInvalid for another dimension, NaN, infinity or zero.</exception>
    public float Length(ReadOnlySpan<float> rawEmbedding)
    {
        if (rawEmbedding.Length != Dimensions) throw Invalid($"it has {rawEmbedding.Length} dimensions and the classifier has {Dimensions}");
        var length = TensorPrimitives.Norm(rawEmbedding);
        return length != 0 && float.IsFinite(length) ? length : throw Invalid("it is zero, or holds NaN or infinity");
    }

    /// <summary>For each row of features, whether its label has the largest logit.</summary>
    public bool[] Correct(Matrix features, int[] labels)
    {
        var logits = new float[Classes];
        var correct = new bool[features.Rows];
        for (var row = 0; row < features.Rows; row++)
        {
            Logits(features.Row(row), logits);
            correct[row] = TensorPrimitives.IndexOfMax(logits) == labels[row];
        }
        return correct;
    }

    /// <summary>The share of the rows that are classified right, 0 to 1.</summary>
    public double Accuracy(Matrix features, int[] labels) => Correct(features, labels).Count(right => right) / (double)features.Rows;

    private static TaskResException Invalid(string fault) =>
        new(ErrorReason.FeaturesInvalid, $"embedding: {fault}.") { Field = "embedding" };
}
