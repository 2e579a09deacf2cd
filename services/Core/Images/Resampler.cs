using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaskRes.Core.Images;

/// <summary>
/// Resize in two passes of fixed point, rows first, each rounded to 8 bits: equal to Pillow's to the bit
/// (Resample.c). Only the window that is asked for is computed.
/// </summary>
internal static class Resampler
{
    private const int Channels = 3, Half = 1 << (ResamplingKernel.FractionBits - 1);

    /// <summary>Resizes a region of an image, as if cut out first, to a width and a height, and returns a window of that.</summary>
    public static PixelImage Resize(PixelImage source, Region region, (int Width, int Height) scaled, Region window, Interpolation interpolation = Interpolation.Bicubic)
    {
        var columns = new ResamplingKernel(region.Width, scaled.Width, window.Left, window.Width, interpolation);
        var rows = new ResamplingKernel(region.Height, scaled.Height, window.Top, window.Height, interpolation);
        var firstRow = rows.First[0];
        var neededRows = rows.First[^1] + rows.Count[^1] - firstRow;
        var stride = Channels * window.Width;

        var narrowed = ArrayPool<byte>.Shared.Rent(neededRows * stride);
        try
        {
            for (var row = 0; row < neededRows; row++)
            {
                var at = Channels * ((region.Top + firstRow + row) * source.Width + region.Left);
                Narrow(source.Rgb.AsSpan(at, Channels * region.Width), columns, narrowed.AsSpan(row * stride, stride));
            }

            var resized = new byte[window.Height * stride];
            int[] widened = new int[stride], sums = new int[stride];
            for (var row = 0; row < window.Height; row++)
            {
                var from = narrowed.AsSpan((rows.First[row] - firstRow) * stride);
                Blend(from, rows.Weights.AsSpan(row * rows.Taps, rows.Count[row]), widened, sums, resized.AsSpan(row * stride, stride));
            }
            return new PixelImage(window.Width, window.Height, resized);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(narrowed);
        }
    }

    private static unsafe void Narrow(ReadOnlySpan<byte> row, ResamplingKernel columns, Span<byte> narrowed)
    {
        fixed (byte* start = row)
        fixed (int* allWeights = columns.Weights)
            for (var i = 0; i < columns.First.Length; i++)
            {
                var pixel = start + (Channels * columns.First[i]);
                var weight = allWeights + (i * columns.Taps);
                var last = weight + columns.Count[i] - 1;
                var sum = Vector128.Create(Half);
                // A pixel and the byte after it at a time; behind the last pixel there may be none.
                for (; weight < last; weight++, pixel += Channels) sum += Widen(pixel) * Vector128.Create(*weight);
                sum += Vector128.Create(pixel[0], pixel[1], pixel[2], 0) * Vector128.Create(*weight);
                for (var channel = 0; channel < Channels; channel++) narrowed[Channels * i + channel] = Round(sum[channel]);
            }
    }

    private static unsafe Vector128<int> Widen(byte* pixel) => Sse41.IsSupported
        ? Sse41.ConvertToVector128Int32(pixel)
        : Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(pixel)).AsByte())).AsInt32();

    private static void Blend(ReadOnlySpan<byte> rows, ReadOnlySpan<int> weights, Span<int> row, Span<int> sums, Span<byte> blended)
    {
        sums.Fill(Half);
        foreach (var weight in weights)
        {
            TensorPrimitives.ConvertTruncating(rows[..row.Length], row);
            TensorPrimitives.MultiplyAdd(row, weight, sums, sums);
            rows = rows[row.Length..];
        }
        for (var i = 0; i < sums.Length; i++) blended[i] = Round(sums[i]);
    }

    private static byte Round(int sum) => (byte)Math.Clamp(sum >> ResamplingKernel.FractionBits, 0, byte.MaxValue);
}
