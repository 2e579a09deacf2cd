using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TaskRes.Core.Learning;

/// <summary>
/// Rows laid out for <see cref="MatrixProducts"/>: their number and their width are filled up with zeros to whole tiles, and
/// rows lie a little further apart than that, since a distance of a power of two would make them fight for the same lines of
/// the cache. Each row begins with a line, so that no vector lies across two.
/// </summary>
internal sealed class PaddedRows : IDisposable
{
    private const int Line = 16;

    private readonly float[] _values;
    private readonly int _start;
    private readonly bool _isLent;

    /// <param name="rows">Filled up to a multiple of <paramref name="tile"/>.</param>
    /// <param name="columns">Filled up to a multiple of <see cref="MatrixProducts.TileColumns"/>.</param>
    public PaddedRows(int rows, int columns, int tile)
        : this(rows, columns, tile, isLent: false)
    {
    }

    private PaddedRows(int rows, int columns, int tile, bool isLent)
    {
        (Count, Columns, _isLent) = (RoundUp(rows, tile), columns, isLent);
        Width = RoundUp(columns, MatrixProducts.TileColumns);
        Stride = RoundUp(Width, Line) + Line;
        var length = checked((Count * Stride) + Line);
        _values = isLent ? ArrayPool<float>.Shared.Rent(length) : new float[length];
        _start = FirstLine(_values);
    }

    /// <summary>The same in memory that is lent until it is disposed of, and that holds what it held before.</summary>
    public static PaddedRows Lend(int rows, int columns, int tile) => new(rows, columns, tile, isLent: true);

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

    /// <summary>Columns of zeros included.</summary>
    public Span<float> Row(int row) => _values.AsSpan(_start + (row * Stride), Width);

    /// <summary>The first value of a row, unchecked: the layout holds whole tiles.</summary>
    public ref float At(int row) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), _start + ((nint)row * Stride));

    public void Set(int row, ReadOnlySpan<float> values) => values.CopyTo(Row(row));

    /// <summary>Takes all rows of a matrix; what it does not fill becomes zero.</summary>
    public PaddedRows Fill(Matrix matrix)
    {
        for (var row = 0; row < matrix.Rows; row++)
        {
            Set(row, matrix.Row(row));
            Row(row)[matrix.Columns..].Clear();
        }
        for (var row = matrix.Rows; row < Count; row++) Row(row).Clear();
        return this;
    }

    /// <summary>Gives lent memory back.</summary>
    public void Dispose()
    {
        if (_isLent) ArrayPool<float>.Shared.Return(_values);
    }

    public Matrix ToMatrix(int rows)
    {
        var matrix = Matrix.Zeros(rows, Columns);
        for (var row = 0; row < rows; row++) Row(row)[..Columns].CopyTo(matrix.Values.AsSpan(row * Columns));
        return matrix;
    }

    // Of where the array lies now: one that the collector moves is only slower.
    private static unsafe int FirstLine(float[] values)
    {
        const int bytes = Line * sizeof(float);
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(values));
        return (int)((bytes - (address % bytes)) % bytes / sizeof(float));
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
