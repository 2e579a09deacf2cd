using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaskRes.Core.Torch;

/// <summary>
/// The inside of a matrix product (Goto and van de Geijn 2008): a tile of six rows by two vectors stays in registers while
/// one depth of both factors streams past.
/// </summary>
internal static unsafe class PanelKernel
{
    public const int TileRows = 6;

    /// <summary>Columns of a tile, and so of a panel.</summary>
    public static readonly int TileColumns = Vector512.IsHardwareAccelerated ? 2 * Vector512<float>.Count : 2 * Vector256<float>.Count;

    /// <summary><c>tile += rows · panel</c>.</summary>
    /// <param name="rows">depth × <see cref="TileRows"/>.</param>
    /// <param name="panel">depth × <see cref="TileColumns"/>.</param>
    /// <param name="tile">The first value of <see cref="TileRows"/> rows.</param>
    /// <param name="stride">From one row of the tile to the next.</param>
    public static void Accumulate(float* rows, float* panel, int depth, float* tile, int stride)
    {
        if (Vector512.IsHardwareAccelerated) Accumulate512(rows, panel, depth, tile, stride);
        else Accumulate256(rows, panel, depth, tile, stride);
    }

    /// <summary>A row of a tile becomes the bias, plus the addend where it is not null.</summary>
    public static void Begin(float* row, float* bias, float* addend)
    {
        for (var i = 0; i < TileColumns; i += Vector256<float>.Count)
        {
            var start = Vector256.Load(bias + i);
            if (addend is not null) start += Vector256.Load(addend + i);
            start.Store(row + i);
        }
    }

    /// <summary>SiLU, x·σ(x), of a row of a tile.</summary>
    public static void ApplySilu(float* row)
    {
        for (var i = 0; i < TileColumns; i += Vector256<float>.Count)
        {
            var x = Vector256.Load(row + i);
            (x / (Vector256<float>.One + Vector256.Exp(-x))).Store(row + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Accumulate256(float* rows, float* panel, int depth, float* tile, int stride)
    {
        const int lanes = 8;
        float* t0 = tile, t1 = t0 + stride, t2 = t1 + stride, t3 = t2 + stride, t4 = t3 + stride, t5 = t4 + stride;
        Prefetch(t0, t1, t2, t3, t4, t5);
        Vector256<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default;
        Vector256<float> a3 = default, b3 = default, a4 = default, b4 = default, a5 = default, b5 = default;
        for (var end = rows + (depth * TileRows); rows < end; rows += TileRows, panel += 2 * lanes)
        {
            var (a, b) = (Vector256.Load(panel), Vector256.Load(panel + lanes));
            var x = Vector256.Create(rows[0]);
            (a0, b0) = (Vector256.FusedMultiplyAdd(x, a, a0), Vector256.FusedMultiplyAdd(x, b, b0));
            x = Vector256.Create(rows[1]);
            (a1, b1) = (Vector256.FusedMultiplyAdd(x, a, a1), Vector256.FusedMultiplyAdd(x, b, b1));
            x = Vector256.Create(rows[2]);
            (a2, b2) = (Vector256.FusedMultiplyAdd(x, a, a2), Vector256.FusedMultiplyAdd(x, b, b2));
            x = Vector256.Create(rows[3]);
            (a3, b3) = (Vector256.FusedMultiplyAdd(x, a, a3), Vector256.FusedMultiplyAdd(x, b, b3));
            x = Vector256.Create(rows[4]);
            (a4, b4) = (Vector256.FusedMultiplyAdd(x, a, a4), Vector256.FusedMultiplyAdd(x, b, b4));
            x = Vector256.Create(rows[5]);
            (a5, b5) = (Vector256.FusedMultiplyAdd(x, a, a5), Vector256.FusedMultiplyAdd(x, b, b5));
        }

        (Vector256.Load(t0) + a0).Store(t0);
        (Vector256.Load(t0 + lanes) + b0).Store(t0 + lanes);
        (Vector256.Load(t1) + a1).Store(t1);
        (Vector256.Load(t1 + lanes) + b1).Store(t1 + lanes);
        (Vector256.Load(t2) + a2).Store(t2);
        (Vector256.Load(t2 + lanes) + b2).Store(t2 + lanes);
        (Vector256.Load(t3) + a3).Store(t3);
        (Vector256.Load(t3 + lanes) + b3).Store(t3 + lanes);
        (Vector256.Load(t4) + a4).Store(t4);
        (Vector256.Load(t4 + lanes) + b4).Store(t4 + lanes);
        (Vector256.Load(t5) + a5).Store(t5);
        (Vector256.Load(t5 + lanes) + b5).Store(t5 + lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Accumulate512(float* rows, float* panel, int depth, float* tile, int stride)
    {
        const int lanes = 16;
        float* t0 = tile, t1 = t0 + stride, t2 = t1 + stride, t3 = t2 + stride, t4 = t3 + stride, t5 = t4 + stride;
        Prefetch(t0, t1, t2, t3, t4, t5);
        Vector512<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default;
        Vector512<float> a3 = default, b3 = default, a4 = default, b4 = default, a5 = default, b5 = default;
        for (var end = rows + (depth * TileRows); rows < end; rows += TileRows, panel += 2 * lanes)
        {
            var (a, b) = (Vector512.Load(panel), Vector512.Load(panel + lanes));
            var x = Vector512.Create(rows[0]);
            (a0, b0) = (Vector512.FusedMultiplyAdd(x, a, a0), Vector512.FusedMultiplyAdd(x, b, b0));
            x = Vector512.Create(rows[1]);
            (a1, b1) = (Vector512.FusedMultiplyAdd(x, a, a1), Vector512.FusedMultiplyAdd(x, b, b1));
            x = Vector512.Create(rows[2]);
            (a2, b2) = (Vector512.FusedMultiplyAdd(x, a, a2), Vector512.FusedMultiplyAdd(x, b, b2));
            x = Vector512.Create(rows[3]);
            (a3, b3) = (Vector512.FusedMultiplyAdd(x, a, a3), Vector512.FusedMultiplyAdd(x, b, b3));
            x = Vector512.Create(rows[4]);
            (a4, b4) = (Vector512.FusedMultiplyAdd(x, a, a4), Vector512.FusedMultiplyAdd(x, b, b4));
            x = Vector512.Create(rows[5]);
            (a5, b5) = (Vector512.FusedMultiplyAdd(x, a, a5), Vector512.FusedMultiplyAdd(x, b, b5));
        }

        (Vector512.Load(t0) + a0).Store(t0);
        (Vector512.Load(t0 + lanes) + b0).Store(t0 + lanes);
        (Vector512.Load(t1) + a1).Store(t1);
        (Vector512.Load(t1 + lanes) + b1).Store(t1 + lanes);
        (Vector512.Load(t2) + a2).Store(t2);
        (Vector512.Load(t2 + lanes) + b2).Store(t2 + lanes);
        (Vector512.Load(t3) + a3).Store(t3);
        (Vector512.Load(t3 + lanes) + b3).Store(t3 + lanes);
        (Vector512.Load(t4) + a4).Store(t4);
        (Vector512.Load(t4 + lanes) + b4).Store(t4 + lanes);
        (Vector512.Load(t5) + a5).Store(t5);
        (Vector512.Load(t5 + lanes) + b5).Store(t5 + lanes);
    }

    // The tile is wanted when the sums are done.
    private static void Prefetch(float* t0, float* t1, float* t2, float* t3, float* t4, float* t5)
    {
        Sse.Prefetch0(t0);
        Sse.Prefetch0(t1);
        Sse.Prefetch0(t2);
        Sse.Prefetch0(t3);
        Sse.Prefetch0(t4);
        Sse.Prefetch0(t5);
    }
}
