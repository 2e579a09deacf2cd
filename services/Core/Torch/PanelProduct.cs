using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace TaskRes.Core.Torch;

/// <summary>
/// <c>x·Wᵀ + b</c> in float32 on the CPU, W laid out once in panels of as many columns as a register tile has. What follows
/// the product, an addition or SiLU, is done to a tile while it is in the first cache. A row's values do not depend on the
/// other rows, nor on the number of threads.
/// </summary>
/// <remarks>
/// libtorch's own float32 product leaves AVX-512 unused on processors that are not Intel's, and lays W out anew in every
/// call, which for a single image costs as much as the product.
/// </remarks>
internal sealed unsafe class PanelProduct
{
    // A depth of a panel fills most of the first cache, a depth of so many rows less than half of the second.
    private static readonly int BlockDepth = 4096 / PanelKernel.TileColumns;
    private const int BlockRows = 192;

    [ThreadStatic]
    private static float[]? _rows;

    private PanelProduct()
    {
    }

    private float* X { get; init; }

    private float* Weights { get; init; }

    private float* Bias { get; init; }

    private float* Addend { get; init; }

    private float* Y { get; init; }

    private int Count { get; init; }

    private int Inputs { get; init; }

    private int Outputs { get; init; }

    private bool Silu { get; init; }

    /// <summary>Whether a weight can be laid out.</summary>
    public static bool Takes(Tensor weight) =>
        Fma.IsSupported && weight.dtype == ScalarType.Float32 && weight.device_type == TorchSharp.DeviceType.CPU
        && weight.ndim == 2 && weight.shape[0] % PanelKernel.TileColumns == 0;

    /// <param name="weight">outputs × inputs.</param>
    /// <returns>panels × inputs × columns of a panel.</returns>
    public static Tensor Panels(Tensor weight) => weight.view(-1, PanelKernel.TileColumns, weight.shape[1]).transpose(1, 2).contiguous();

    /// <summary>x·Wᵀ + b + <paramref name="addend"/>, and SiLU of that where it is asked for.</summary>
    /// <param name="x">… × inputs.</param>
    /// <param name="panels">Of <see cref="Panels"/>; a part of them gives those outputs alone.</param>
    /// <param name="bias">outputs.</param>
    /// <param name="addend">… × outputs; null adds nothing.</param>
    /// <returns>… × outputs.</returns>
    public static Tensor Multiply(Tensor x, Tensor panels, Tensor bias, Tensor? addend = null, bool silu = false)
    {
        using var scope = NewDisposeScope();
        var shape = x.shape;
        var (inputs, outputs) = ((int)shape[^1], (int)bias.shape[0]);
        var count = (int)(x.numel() / inputs);
        shape[^1] = outputs;

        // Whole tiles are written: the last one's surplus rows lie behind the result.
        var y = empty(RoundUp(count), outputs);
        var (from, plus) = (x.contiguous(), addend?.contiguous());
        new PanelProduct
        {
            X = Start(from.bytes),
            Weights = Start(panels.bytes),
            Bias = Start(bias.bytes),
            Addend = plus is null ? null : Start(plus.bytes),
            Y = Start(y.bytes),
            Count = count,
            Inputs = inputs,
            Outputs = outputs,
            Silu = silu,
        }.Run();
        return y.narrow(0, 0, count).view(shape).MoveToOuterDisposeScope();
    }

    private void Run()
    {
        var panels = Outputs / PanelKernel.TileColumns;
        var parts = Math.Min(get_num_threads(), panels);
        Parallel.For(0, parts, part => RunPart(panels * part / parts, panels * (part + 1) / parts));
    }

    private void RunPart(int firstPanel, int endPanel)
    {
        var blocks = (Count + BlockRows - 1) / BlockRows;
        var blockRows = RoundUp((Count + blocks - 1) / blocks);
        fixed (float* rows = _rows ??= new float[BlockRows * BlockDepth])
        {
            for (var row = 0; row < Count; row += blockRows)
                for (var depth = 0; depth < Inputs; depth += BlockDepth)
                {
                    var (rowCount, depthCount) = (Math.Min(blockRows, Count - row), Math.Min(BlockDepth, Inputs - depth));
                    Gather(row, rowCount, depth, depthCount, rows);
                    for (var panel = firstPanel; panel < endPanel; panel++) RunBlock(row, rowCount, depth, depthCount, panel, rows);
                }
        }
    }

    /// <summary>A block of x as tiles, each depth × <see cref="PanelKernel.TileRows"/>; rows behind the last are zeros.</summary>
    private void Gather(int row, int rowCount, int depth, int depthCount, float* rows)
    {
        for (var i = 0; i < RoundUp(rowCount); i++)
        {
            var to = rows + (i / PanelKernel.TileRows * PanelKernel.TileRows * depthCount) + (i % PanelKernel.TileRows);
            var from = X + ((nint)(row + i) * Inputs) + depth;
            for (var d = 0; d < depthCount; d++, to += PanelKernel.TileRows) *to = i < rowCount ? from[d] : 0;
        }
    }

    private void RunBlock(int row, int rowCount, int depth, int depthCount, int panel, float* rows)
    {
        var weights = Weights + (PanelKernel.TileColumns * ((nint)panel * Inputs + depth));
        for (var i = 0; i < rowCount; i += PanelKernel.TileRows)
        {
            var tile = Y + ((nint)(row + i) * Outputs) + (panel * PanelKernel.TileColumns);
            if (depth == 0) Begin(tile, row + i, panel);
            PrefetchNext(weights, depthCount, i, rowCount);
            PanelKernel.Accumulate(rows + (i * depthCount), weights, depthCount, tile, Outputs);
            if (Silu && depth + depthCount == Inputs)
                for (var r = 0; r < PanelKernel.TileRows; r++) PanelKernel.ApplySilu(tile + (r * Outputs));
        }
    }

    // The next panel does not lie behind this one, so that the processor does not foresee it: with each tile goes its share.
    private void PrefetchNext(float* weights, int depthCount, int row, int rowCount)
    {
        const int line = 16;
        var next = weights + ((nint)PanelKernel.TileColumns * Inputs);
        var lines = PanelKernel.TileColumns * depthCount / line;
        for (var i = row * lines / rowCount; i < (row + PanelKernel.TileRows) * lines / rowCount; i++) Sse.Prefetch1(next + (i * line));
    }

    private void Begin(float* tile, int row, int panel)
    {
        var column = panel * PanelKernel.TileColumns;
        for (var r = 0; r < PanelKernel.TileRows; r++)
        {
            var addend = Addend is null || row + r >= Count ? null : Addend + ((nint)(row + r) * Outputs) + column;
            PanelKernel.Begin(tile + (r * Outputs), Bias + column, addend);
        }
    }

    private static int RoundUp(int rows) => (rows + PanelKernel.TileRows - 1) / PanelKernel.TileRows * PanelKernel.TileRows;

    // Of a tensor: memory that does not move.
    private static float* Start(ReadOnlySpan<byte> tensor)
    {
        fixed (byte* start = &MemoryMarshal.GetReference(tensor)) return (float*)start;
    }
}
