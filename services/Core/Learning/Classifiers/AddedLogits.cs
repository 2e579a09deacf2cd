using System.Numerics.Tensors;

namespace TaskRes.Core.Learning.Classifiers;

/// <summary>Logits that are added to the cosine's.</summary>
public abstract record AddedLogits
{
    /// <summary>How many it holds.</summary>
    internal abstract long Values { get; }

    /// <summary>The same, counting for more or less.</summary>
    internal abstract AddedLogits Weighted(double weight);

    /// <param name="unit">ẑ, D values, of length 1.</param>
    /// <param name="logits">K values, added to.</param>
    internal abstract void Add(ReadOnlySpan<float> unit, Span<float> logits);
}

/// <summary>A linear classifier: <c>W·ẑ + b</c>.</summary>
/// <param name="Weights">W, K×D.</param>
/// <param name="Bias">b, 1×K.</param>
public sealed record AffineLogits(Matrix Weights, Matrix Bias) : AddedLogits
{
    internal override long Values => Weights.Values.LongLength + Bias.Values.Length;

    internal override AddedLogits Weighted(double weight) => new AffineLogits(Dense.Scaled(Weights, weight), Dense.Scaled(Bias, weight));

    internal override void Add(ReadOnlySpan<float> unit, Span<float> logits)
    {
        var products = new float[Weights.Rows];
        MatrixVector.Multiply(Weights, unit, products);
        TensorPrimitives.Add(logits, products, logits);
        TensorPrimitives.Add(logits, Bias.Values, logits);
    }
}

/// <summary>Tip-Adapter's cache of examples: <c>α · Σ_n exp(−β(1 − ẑ·f_n))</c> over those of the class.</summary>
/// <param name="Keys">f, N×D.</param>
/// <param name="Labels">The class of each key, 1×N whole numbers.</param>
/// <param name="Alpha">α.</param>
/// <param name="Beta">β.</param>
public sealed record CacheLogits(Matrix Keys, Matrix Labels, double Alpha, double Beta) : AddedLogits
{
    internal override long Values => Keys.Values.LongLength + Labels.Values.Length;

    internal override AddedLogits Weighted(double weight) => this with { Alpha = weight * Alpha };

    internal override void Add(ReadOnlySpan<float> unit, Span<float> logits)
    {
        var affinities = new float[Keys.Rows];
        MatrixVector.Multiply(Keys, unit, affinities);
        for (var key = 0; key < affinities.Length; key++)
            logits[(int)Labels.Values[key]] += (float)(Alpha * Math.Exp(-Beta * (1 - affinities[key])));
    }
}
