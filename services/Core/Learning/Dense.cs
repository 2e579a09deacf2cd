using System.Numerics.Tensors;

namespace TaskRes.Core.Learning;

/// <summary>Products of matrices on <see cref="MatrixProducts"/>: the same bits whatever the number of threads.</summary>
internal static class Dense
{
    // Below this much work, in multiplications, other threads cost more than they give.
    private const long WorthThreads = 2_000_000;

    /// <summary><c>A·Bᵀ</c>: every row of A with every row of B.</summary>
    /// <param name="left">A, n×d.</param>
    /// <param name="right">B, m×d.</param>
    /// <returns>n×m.</returns>
    public static Matrix RowProducts(Matrix left, Matrix right)
    {
        var rows = PaddedRows.Of(left, MatrixProducts.TileExamples);
        var columns = PaddedRows.Of(right, MatrixProducts.TileClasses);
        var products = new PaddedRows(rows.Count, columns.Count, MatrixProducts.TileExamples);
        Run(rows.Count, 8 * MatrixProducts.TileExamples, (long)left.Rows * right.Rows * left.Columns, (first, count) =>
            MatrixProducts.Scores(rows, columns, first, count, products));
        var result = Matrix.Zeros(left.Rows, right.Rows);
        for (var row = 0; row < left.Rows; row++) products.Row(row)[..right.Rows].CopyTo(result.Values.AsSpan(row * right.Rows));
        return result;
    }

    /// <summary><c>Wᵀ·A</c>: for every column of W the sum of A's rows that it weighs.</summary>
    /// <param name="weights">W, n×m.</param>
    /// <param name="rows">A, n×d.</param>
    /// <returns>m×d.</returns>
    public static Matrix WeightedSums(Matrix weights, Matrix rows)
    {
        var columns = (weights.Columns + MatrixProducts.TileClasses - 1) / MatrixProducts.TileClasses * MatrixProducts.TileClasses;
        var padded = new PaddedRows(weights.Rows, columns, MatrixProducts.TileExamples);
        for (var row = 0; row < weights.Rows; row++) padded.Set(row, weights.Row(row));
        var examples = PaddedRows.Of(rows, MatrixProducts.TileExamples);
        var sums = new PaddedRows(columns, rows.Columns, MatrixProducts.TileClasses);
        Run(columns, MatrixProducts.TileClasses, (long)weights.Rows * weights.Columns * rows.Columns, (first, _) =>
            MatrixProducts.WeightedSums(padded, examples, first, sums));
        return sums.ToMatrix(weights.Columns);
    }

    /// <summary><c>A·B</c>.</summary>
    /// <param name="left">A, n×m.</param>
    /// <param name="right">B, m×d.</param>
    public static Matrix Product(Matrix left, Matrix right) => WeightedSums(Transposed(left), right);

    public static Matrix Transposed(Matrix matrix)
    {
        var transposed = Matrix.Zeros(matrix.Columns, matrix.Rows);
        for (var row = 0; row < matrix.Rows; row++)
            for (var column = 0; column < matrix.Columns; column++)
                transposed.Values[(column * matrix.Rows) + row] = matrix.Values[(row * matrix.Columns) + column];
        return transposed;
    }

    public static Matrix Difference(Matrix left, Matrix right)
    {
        var difference = Matrix.Zeros(left.Rows, left.Columns);
        TensorPrimitives.Subtract(left.Values, right.Values, difference.Values);
        return difference;
    }

    /// <summary><c>A + f·B</c>.</summary>
    public static Matrix Sum(Matrix left, Matrix right, double factor = 1)
    {
        var sum = Matrix.Zeros(left.Rows, left.Columns);
        TensorPrimitives.MultiplyAdd(right.Values, (float)factor, left.Values, sum.Values);
        return sum;
    }

    public static Matrix Scaled(Matrix matrix, double factor)
    {
        var scaled = Matrix.Zeros(matrix.Rows, matrix.Columns);
        TensorPrimitives.Multiply(matrix.Values, (float)factor, scaled.Values);
        return scaled;
    }

    /// <summary>The sum of all rows, 1×d.</summary>
    public static Matrix RowSum(Matrix matrix)
    {
        var sum = Matrix.Zeros(1, matrix.Columns);
        for (var row = 0; row < matrix.Rows; row++) TensorPrimitives.Add(sum.Values, matrix.Row(row), sum.Values);
        return sum;
    }

    /// <summary>Some rows, in this order.</summary>
    public static Matrix Rows(Matrix matrix, IReadOnlyList<int> rows)
    {
        var picked = Matrix.Zeros(rows.Count, matrix.Columns);
        for (var index = 0; index < rows.Count; index++) matrix.Row(rows[index]).CopyTo(picked.Values.AsSpan(index * matrix.Columns));
        return picked;
    }

    private static void Run(int count, int part, long work, Action<int, int> run)
    {
        if (work < WorthThreads)
            for (var first = 0; first < count; first += part) run(first, Math.Min(part, count - first));
        else Parallel.For(0, (count + part - 1) / part, index => run(index * part, Math.Min(part, count - (index * part))));
    }
}
