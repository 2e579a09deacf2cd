using System.Numerics.Tensors;

namespace TaskRes.Core.Learning;

/// <summary>A row-major matrix of floats: one row for each class or example, one column for each dimension.</summary>
public sealed class Matrix
{
    /// <param name="rows">Rows, at least none.</param>
    /// <param name="columns">Columns, at least one.</param>
    /// <param name="values">The elements, row after row: <c>rows × columns</c> of them. Kept, not copied.</param>
    /// <exception cref="TaskResException">FeaturesInvalid where the sizes disagree.</exception>
    public Matrix(int rows, int columns, float[] values)
    {
        if (rows < 0 || columns < 1 || (long)rows * columns != values.Length)
            throw new TaskResException(ErrorReason.FeaturesInvalid, $"{values.Length} values do not make a matrix of {rows} × {columns}.");
        Rows = rows;
        Columns = columns;
        Values = values;
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The elements, row after row. Treat them as read-only: matrices are shared.</summary>
    public float[] Values { get; }

    public static Matrix Zeros(int rows, int columns) => new(rows, columns, new float[(long)rows * columns]);

    /// <summary>Stacks vectors of one dimension.</summary>
    /// <exception cref="TaskResException">FeaturesInvalid where there is none, or their dimensions differ.</exception>
    public static Matrix FromRows(IReadOnlyList<float[]> rows, string field)
    {
        if (rows.Count == 0) throw Invalid(field, "there are no rows");
        var columns = rows[0].Length;
        for (var row = 0; row < rows.Count; row++)
            if (rows[row].Length != columns) throw Invalid($"{field}[{row}]", $"it has {rows[row].Length} dimensions and row 0 has {columns}");
        return new Matrix(rows.Count, columns, [.. rows.SelectMany(row => row)]);
    }

    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>This matrix, once it is known to hold neither NaN nor infinity.</summary>
    /// <param name="field">What to call it in the error.</param>
    /// <exception cref="TaskResException">FeaturesInvalid, naming the row.</exception>
    public Matrix EnsureFinite(string field)
    {
        for (var row = 0; row < Rows; row++)
            if (!TensorPrimitives.IsFiniteAll(Row(row))) throw Invalid($"{field}[{row}]", "it holds NaN or infinity");
        return this;
    }

    /// <summary>This matrix, once it is known to have as many columns as what it is compared with.</summary>
    /// <exception cref="TaskResException">FeaturesInvalid, naming both dimensions.</exception>
    public Matrix EnsureColumns(int columns, string field) =>
        Columns == columns ? this : throw Invalid(field, $"it has {Columns} dimensions and the base classifier has {columns}");

    /// <summary>A copy whose rows have length 1 (L2).</summary>
    /// <param name="field">What to call it in the error.</param>
    /// <exception cref="TaskResException">FeaturesInvalid, naming the row: a row of zeros has no direction.</exception>
    public Matrix Normalized(string field)
    {
        var normalized = Zeros(Rows, Columns);
        for (var row = 0; row < Rows; row++)
        {
            var norm = TensorPrimitives.Norm(Row(row));
            if (norm == 0 || !float.IsFinite(norm)) throw Invalid($"{field}[{row}]", $"its length is {norm}, so it has no direction");
            TensorPrimitives.Divide(Row(row), norm, normalized.Values.AsSpan(row * Columns, Columns));
        }
        return normalized;
    }

    private static TaskResException Invalid(string field, string fault) =>
        new(ErrorReason.FeaturesInvalid, $"{field}: {fault}.") { Field = field };
}
