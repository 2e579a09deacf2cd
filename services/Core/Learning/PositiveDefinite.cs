using System.Numerics.Tensors;

namespace TaskRes.Core.Learning;

/// <summary>The Cholesky factor of a symmetric positive definite matrix, in double precision.</summary>
internal sealed class PositiveDefinite
{
    // What is left of a row beside the others; less is rounding.
    private const double LeastShare = 1e-12;

    private readonly double[][] _factor;

    private PositiveDefinite(double[][] factor) => _factor = factor;

    /// <summary>Factors <c>P·Pᵀ</c>, which squares what is small in P: its products are summed in double precision.</summary>
    /// <param name="rows">P, n×d.</param>
    /// <param name="field">What to call it in the error.</param>
    /// <exception cref="TaskResException">FeaturesInvalid where the rows are not independent.</exception>
    public static PositiveDefinite FactorProducts(Matrix rows, string field)
    {
        var wide = new double[rows.Rows][];
        for (var row = 0; row < wide.Length; row++)
        {
            wide[row] = new double[rows.Columns];
            TensorPrimitives.ConvertTruncating(rows.Row(row), wide[row]);
        }
        return Factor([.. wide.Select((row, index) => wide[..(index + 1)].Select(other => TensorPrimitives.Dot<double>(row, other)).ToArray())], field);
    }

    /// <param name="matrix">A, n×n; of row i its first i + 1 values are read. It becomes the factor.</param>
    /// <param name="field">What to call it in the error.</param>
    /// <exception cref="TaskResException">FeaturesInvalid where A is not positive definite.</exception>
    public static PositiveDefinite Factor(double[][] matrix, string field)
    {
        for (var row = 0; row < matrix.Length; row++)
            for (var column = 0; column <= row; column++)
            {
                var whole = matrix[row][column];
                var rest = whole - TensorPrimitives.Dot<double>(matrix[row].AsSpan(0, column), matrix[column].AsSpan(0, column));
                if (row > column) matrix[row][column] = rest / matrix[column][column];
                else if (rest > LeastShare * whole && double.IsFinite(rest)) matrix[row][row] = Math.Sqrt(rest);
                else throw new TaskResException(ErrorReason.FeaturesInvalid, $"{field}: it is not of full rank.") { Field = field };
            }
        return new PositiveDefinite(matrix);
    }

    /// <summary>X with <c>X·A = B</c>: each row of B times A⁻¹.</summary>
    /// <param name="rows">B, m×n.</param>
    public Matrix Solve(Matrix rows)
    {
        var solved = Matrix.Zeros(rows.Rows, _factor.Length);
        var x = new double[_factor.Length];
        for (var row = 0; row < rows.Rows; row++)
        {
            for (var i = 0; i < x.Length; i++)
                x[i] = (rows.Row(row)[i] - TensorPrimitives.Dot<double>(_factor[i].AsSpan(0, i), x.AsSpan(0, i))) / _factor[i][i];
            for (var i = x.Length - 1; i >= 0; i--)
            {
                x[i] /= _factor[i][i];
                var before = x.AsSpan(0, i);
                TensorPrimitives.MultiplyAdd(_factor[i].AsSpan(0, i), -x[i], before, before);
            }
            for (var i = 0; i < x.Length; i++) solved.Values[(row * x.Length) + i] = (float)x[i];
        }
        return solved;
    }
}
