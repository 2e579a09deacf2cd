using System.Numerics.Tensors;

namespace TaskRes.Core.Learning.Classifiers;

/// <summary>A change of the image embedding before it is compared with the classes.</summary>
public abstract record ImageChange
{
    /// <summary>How many it holds.</summary>
    internal abstract long Values { get; }

    /// <summary>The same, counting for more or less.</summary>
    internal abstract ImageChange Weighted(double weight);

    /// <param name="raw">z, D values, of any length.</param>
    /// <param name="length">‖z‖.</param>
    /// <param name="changed">Where the changed embedding goes; D values, of any length.</param>
    internal abstract void Apply(ReadOnlySpan<float> raw, float length, Span<float> changed);
}

/// <summary>TaskRes-Image: one residual that all images share, <c>z + α·x</c>.</summary>
/// <param name="Residual">x, 1×D.</param>
/// <param name="Alpha">α.</param>
public sealed record ImageResidual(Matrix Residual, double Alpha) : ImageChange
{
    internal override long Values => Residual.Values.Length;

    internal override ImageChange Weighted(double weight) => this with { Alpha = weight * Alpha };

    internal override void Apply(ReadOnlySpan<float> raw, float length, Span<float> changed) =>
        TensorPrimitives.MultiplyAdd(Residual.Values, (float)Alpha, raw, changed);
}

/// <summary>CLIP-Adapter: <c>r·relu(U·relu(W·ẑ)) + (1 − r)·ẑ</c>.</summary>
/// <param name="Down">W, H×D.</param>
/// <param name="Up">U, D×H.</param>
/// <param name="Ratio">r.</param>
public sealed record ImageAdapter(Matrix Down, Matrix Up, double Ratio) : ImageChange
{
    internal override long Values => Down.Values.LongLength + Up.Values.Length;

    internal override ImageChange Weighted(double weight) => this with { Ratio = Math.Min(1, weight * Ratio) };

    internal override void Apply(ReadOnlySpan<float> raw, float length, Span<float> changed)
    {
        var unit = new float[raw.Length];
        var hidden = new float[Down.Rows];
        TensorPrimitives.Divide(raw, length, unit);
        MatrixVector.Multiply(Down, unit, hidden);
        TensorPrimitives.Max(hidden, 0, hidden);
        MatrixVector.Multiply(Up, hidden, changed);
        TensorPrimitives.Max(changed, 0, changed);
        TensorPrimitives.Multiply(changed, (float)Ratio, changed);
        TensorPrimitives.MultiplyAdd(unit, (float)(1 - Ratio), changed, changed);
    }
}
