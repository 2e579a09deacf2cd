using System.Numerics.Tensors;

namespace TaskRes.Core.Learning.Descent;

/// <summary>Rows brought to length 1, and the way back for gradients: <c>∂/∂v = (g − (g·û)û)/‖v‖</c>.</summary>
internal sealed class UnitRows
{
    private readonly float[] _lengths;

    /// <param name="raw">v, n×d.</param>
    /// <exception cref="TaskResException">FeaturesInvalid for a row without direction.</exception>
    public UnitRows(Matrix raw)
    {
        Values = raw.Normalized("classifier");
        _lengths = new float[raw.Rows];
        for (var row = 0; row < raw.Rows; row++) _lengths[row] = TensorPrimitives.Norm(raw.Row(row));
    }

    /// <summary>û, n×d.</summary>
    public Matrix Values { get; }

    /// <param name="gradient">g, by û.</param>
    /// <returns>The gradient by v.</returns>
    public Matrix Backward(Matrix gradient)
    {
        var raw = Matrix.Zeros(gradient.Rows, gradient.Columns);
        for (var row = 0; row < gradient.Rows; row++)
        {
            var target = raw.Values.AsSpan(row * raw.Columns, raw.Columns);
            var along = TensorPrimitives.Dot(gradient.Row(row), Values.Row(row));
            TensorPrimitives.MultiplyAdd(Values.Row(row), -along, gradient.Row(row), target);
            TensorPrimitives.Divide(target, _lengths[row], target);
        }
        return raw;
    }
}
