using System.Numerics.Tensors;

namespace TaskRes.Core.Learning.Classifiers;

/// <summary>
/// What a method has learnt, in the one form that all of them share:
/// <code>
/// logits(z) = s · unit(A(z)) · unit(t + α·x)ᵀ + R(ẑ)
/// </code>
/// with z a raw image embedding and ẑ the same at length 1. TaskRes is x alone.
/// </summary>
public sealed record FewShotClassifier
{
    /// <summary>t, K×D, raw.</summary>
    public required Matrix Base { get; init; }

    /// <summary>x, K×D.</summary>
    public required Matrix Residual { get; init; }

    /// <summary>α.</summary>
    public required double Alpha { get; init; }

    /// <summary>s.</summary>
    public required double LogitScale { get; init; }

    /// <summary>A, the change of the image embedding; null where it stays as it is.</summary>
    public ImageChange? Image { get; init; }

    /// <summary>R, logits beside the cosine's; null for none.</summary>
    public AddedLogits? Added { get; init; }

    /// <summary>Values that serving keeps in memory.</summary>
    internal long ServedValues => Base.Values.LongLength + (Image?.Values ?? 0) + (Added?.Values ?? 0);

    /// <summary>The base alone.</summary>
    /// <param name="baseClassifier">t, K×D.</param>
    /// <param name="logitScale">s.</param>
    public static FewShotClassifier ZeroShot(Matrix baseClassifier, double logitScale) => new()
    {
        Base = baseClassifier,
        Residual = Matrix.Zeros(baseClassifier.Rows, baseClassifier.Columns),
        Alpha = 0,
        LogitScale = logitScale,
    };

    /// <summary>The base and other class vectors in its place, kept as the residual that leads to them.</summary>
    /// <param name="baseClassifier">t, K×D.</param>
    /// <param name="prototypes">w, K×D.</param>
    /// <param name="logitScale">s.</param>
    internal static FewShotClassifier OfPrototypes(Matrix baseClassifier, Matrix prototypes, double logitScale) =>
        ZeroShot(baseClassifier, logitScale) with { Residual = Dense.Difference(prototypes, baseClassifier), Alpha = 1 };

    /// <summary>The same with what was learnt counting for more or less: at 0 the base, at 1 this.</summary>
    /// <param name="weight">γ, 0 or more.</param>
    internal FewShotClassifier Weighted(double weight) =>
        this with { Alpha = weight * Alpha, Image = Image?.Weighted(weight), Added = Added?.Weighted(weight) };

    /// <summary>The logits of each row of features, N×K.</summary>
    /// <param name="features">N×D image embeddings, normalised or not.</param>
    /// <exception cref="TaskResException">FeaturesInvalid where sizes differ or a value is not finite.</exception>
    public Matrix Logits(Matrix features)
    {
        var scorer = new Scorer(this);
        var logits = Matrix.Zeros(features.Rows, scorer.Classes);
        for (var row = 0; row < features.Rows; row++) scorer.Logits(features.Row(row), logits.Values.AsSpan(row * logits.Columns, logits.Columns));
        return logits;
    }

    /// <summary>For each row of features, whether its label has the largest logit.</summary>
    /// <exception cref="TaskResException">FeaturesInvalid where sizes differ or a value is not finite.</exception>
    public bool[] Correct(Matrix features, int[] labels)
    {
        var logits = Logits(features);
        return [.. labels.Select((label, row) => TensorPrimitives.IndexOfMax(logits.Row(row)) == label)];
    }
}
