using System.Numerics.Tensors;

namespace TaskRes.Core.Learning.Descent;

/// <summary>Rows brought to length 1, and the way back for gradients: <c>∂/∂v = (g − (g·û)û)/‖v‖</c>.</summary>
internal sealed class UnitRows
{
    private readonly float[] _lengths;

    private UnitRows(Matrix values, float[] lengths) => (Values, _lengths) = (values, lengths);

    /// <param name="raw">v, n×d.</param>
    /// <exception cref="TaskResException">FeaturesInvalid for a row without direction.</exception>
    public static UnitRows Of(Matrix raw) =>
        new(raw.Normalized("classifier"), [.. Enumerable.Range(0, raw.Rows).Select(row => TensorPrimitives.Norm(raw.Row(row)))]);

    /// <param name="unit">Rows that have length 1 as they are; kept.</param>
    public static UnitRows Given(Matrix unit) => new(unit, [.. Enumerable.Repeat(1f, unit.Rows)]);

    /// <summary>û, n×d.</summary>
    public Matrix Values { get; }

    /// <param name="gradient">g, by û; it becomes the gradient by v.</param>
    public Matrix Backward(Matrix gradient)
    {
        for (var row = 0; row < gradient.Rows; row++)
        {
            var target = gradient.Values.AsSpan(row * gradient.Columns, gradient.Columns);
            var along = TensorPrimitives.Dot(target, Values.Row(row));
            TensorPrimitives.MultiplyAdd(Values.Row(row), -along, target, target);
            TensorPrimitives.Divide(target, _lengths[row], target);
        }
        return gradient;
    }
}
