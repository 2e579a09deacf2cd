using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TaskRes.Core.Learning;

/// <summary>The product of a matrix and one vector: what each classified image costs.</summary>
internal static class MatrixVector
{
    private const int RowsAtOnce = 4;
    private const int Lanes = 8;

    /// <summary>
    /// <c>products[k] = ⟨rows_k, vector⟩</c>. Four rows at a time, so that the vector is loaded once for all four; each row is
    /// summed in the same order wherever it lies, so that equal rows have equal products.
    /// </summary>
    /// <param name="rows">K×D.</param>
    /// <param name="vector">D values.</param>
    /// <param name="products">K values.</param>
    public static void Multiply(Matrix rows, ReadOnlySpan<float> vector, Span<float> products)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, rows.Columns);
        ArgumentOutOfRangeException.ThrowIfNotEqual(products.Length, rows.Rows);
        ref var z = ref MemoryMarshal.GetReference(vector);
        for (var first = 0; first < rows.Rows; first += RowsAtOnce)
        {
            // Where rows are lacking the last stands in, and what it gives is not stored.
            var last = rows.Rows - 1;
            var four = FourRows(ref At(rows, first), ref At(rows, Math.Min(first + 1, last)), ref At(rows, Math.Min(first + 2, last)), ref At(rows, Math.Min(first + 3, last)), ref z, (nuint)rows.Columns);
            for (var row = first; row < Math.Min(first + RowsAtOnce, rows.Rows); row++) products[row] = four[row - first];
        }
    }

    // Two sums for each row: as many as there are additions on their way.
    private static Vector128<float> FourRows(ref float a, ref float b, ref float c, ref float d, ref float z, nuint columns)
    {
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        nuint column = 0;
        for (; column + (2 * Lanes) <= columns; column += 2 * Lanes)
        {
            var (z0, z1) = (Vector256.LoadUnsafe(ref z, column), Vector256.LoadUnsafe(ref z, column + Lanes));
            a0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, column), z0, a0);
            b0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref b, column), z0, b0);
            c0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref c, column), z0, c0);
            d0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref d, column), z0, d0);
            a1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, column + Lanes), z1, a1);
            b1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref b, column + Lanes), z1, b1);
            c1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref c, column + Lanes), z1, c1);
            d1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref d, column + Lanes), z1, d1);
        }

        var sums = Vector128.Create(Vector256.Sum(a0 + a1), Vector256.Sum(b0 + b1), Vector256.Sum(c0 + c1), Vector256.Sum(d0 + d1));
        for (; column < columns; column++)
        {
            var four = Vector128.Create(Unsafe.Add(ref a, column), Unsafe.Add(ref b, column), Unsafe.Add(ref c, column), Unsafe.Add(ref d, column));
            sums = Vector128.FusedMultiplyAdd(four, Vector128.Create(Unsafe.Add(ref z, column)), sums);
        }

        return sums;
    }

    private static ref float At(Matrix matrix, int row) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(matrix.Values), (nint)row * matrix.Columns);
}
