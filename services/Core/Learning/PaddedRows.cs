namespace TaskRes.Core.Learning;

/// <summary>
/// Rows laid out for <see cref="MatrixProducts"/>: their number and their width are filled up with zeros to whole tiles, and
/// rows lie a little further apart than that, since a distance of a power of two would make them fight for the same lines of
/// the cache.
/// </summary>
internal sealed class PaddedRows
{
    private const int Apart = 16;

    /// <param name="rows">Filled up to a multiple of <paramref name="tile"/>.</param>
    /// <param name="columns">Filled up to a multiple of <see cref="MatrixProducts.TileColumns"/>.</param>
    public PaddedRows(int rows, int columns, int tile)
    {
        (Count, Columns) = (RoundUp(rows, tile), columns);
        Width = RoundUp(columns, MatrixProducts.TileColumns);
        Stride = Width + Apart;
        Values = new float[(long)Count * Stride];
    }

    public static PaddedRows Of(Matrix matrix, int tile)
    {
        var padded = new PaddedRows(matrix.Rows, matrix.Columns, tile);
        for (var row = 0; row < matrix.Rows; row++) padded.Set(row, matrix.Row(row));
        return padded;
    }

    /// <summary>Rows of zeros included.</summary>
    public int Count { get; }

    public int Columns { get; }

    /// <summary>Columns of zeros included.</summary>
    public int Width { get; }

    /// <summary>From one row to the next.</summary>
    public int Stride { get; }

    public float[] Values { get; }

    /// <summary>Columns of zeros included.</summary>
    public Span<float> Row(int row) => Values.AsSpan(row * Stride, Width);

    public void Set(int row, ReadOnlySpan<float> values) => values.CopyTo(Row(row));

    public Matrix ToMatrix(int rows)
    {
        var matrix = Matrix.Zeros(rows, Columns);
        for (var row = 0; row < rows; row++) Row(row)[..Columns].CopyTo(matrix.Values.AsSpan(row * Columns));
        return matrix;
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
