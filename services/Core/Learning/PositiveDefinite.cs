namespace TaskRes.Core.Learning;

/// <summary>The Cholesky factor of a symmetric positive definite matrix, in double precision.</summary>
internal sealed class PositiveDefinite
{
    private readonly double[,] _factor;

    private PositiveDefinite(double[,] factor) => _factor = factor;

    /// <param name="matrix">A, n×n.</param>
    /// <param name="field">What to call it in the error.</param>
    /// <exception cref="TaskResException">FeaturesInvalid where A is not positive definite.</exception>
    public static PositiveDefinite Factor(Matrix matrix, string field)
    {
        var wide = new double[matrix.Rows, matrix.Rows];
        for (var row = 0; row < matrix.Rows; row++)
            for (var column = 0; column < matrix.Rows; column++) wide[row, column] = matrix.Row(row)[column];
        return Factor(wide, field);
    }

    /// <inheritdoc cref="Factor(Matrix,string)"/>
    public static PositiveDefinite Factor(double[,] matrix, string field)
    {
        var size = matrix.GetLength(0);
        var factor = new double[size, size];
        for (var row = 0; row < size; row++)
            for (var column = 0; column <= row; column++)
            {
                var rest = matrix[row, column];
                for (var k = 0; k < column; k++) rest -= factor[row, k] * factor[column, k];
                if (row > column) factor[row, column] = rest / factor[column, column];
                else if (rest > 0 && double.IsFinite(rest)) factor[row, row] = Math.Sqrt(rest);
                else throw new TaskResException(ErrorReason.FeaturesInvalid, $"{field}: it is not of full rank.") { Field = field };
            }
        return new PositiveDefinite(factor);
    }

    /// <summary>X with <c>X·A = B</c>: each row of B times A⁻¹.</summary>
    /// <param name="rows">B, m×n.</param>
    public Matrix Solve(Matrix rows)
    {
        var size = _factor.GetLength(0);
        var solved = Matrix.Zeros(rows.Rows, size);
        var x = new double[size];
        for (var row = 0; row < rows.Rows; row++)
        {
            for (var i = 0; i < size; i++)
            {
                var rest = (double)rows.Row(row)[i];
                for (var k = 0; k < i; k++) rest -= _factor[i, k] * x[k];
                x[i] = rest / _factor[i, i];
            }
            for (var i = size - 1; i >= 0; i--)
            {
                var rest = x[i];
                for (var k = i + 1; k < size; k++) rest -= _factor[k, i] * x[k];
                x[i] = rest / _factor[i, i];
            }
            for (var i = 0; i < size; i++) solved.Values[(row * size) + i] = (float)x[i];
        }
        return solved;
    }
}
