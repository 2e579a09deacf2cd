using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaskRes.Core.Learning;

/// <summary>
/// The two matrix products of a training step, on tiles that stay in registers. Every element is summed in one fixed order
/// with fused operations, so that the number of threads does not show in the result.
/// </summary>
internal static class MatrixProducts
{
    /// <summary>Examples are taken four at a time.</summary>
    public const int TileExamples = 4;

    /// <summary>Classes are taken six at a time, or three.</summary>
    public const int TileClasses = 6;

    /// <summary>Two vectors of eight floats.</summary>
    public const int TileColumns = 16;

    // As many examples as stay in the first cache, a tile's columns of them.
    private const int BlockExamples = 32;
    private const int Lanes = 8;

    /// <summary>Dot products: <c>scores[e, c] = ⟨examples_e, classes_c⟩</c> for some examples and all classes.</summary>
    /// <param name="first">The first example, a multiple of <see cref="TileExamples"/>.</param>
    /// <param name="count">How many, a multiple too.</param>
    /// <param name="scores">Examples × classes.</param>
    public static void Scores(PaddedRows examples, PaddedRows classes, int first, int count, PaddedRows scores)
    {
        for (var c = 0; c < classes.Count; c += TileClasses)
            for (var e = first; e < first + count; e += TileExamples)
            {
                ScoreTile(examples, classes, e, c, scores);
                ScoreTile(examples, classes, e, c + (TileClasses / 2), scores);
            }
    }

    /// <summary>Weighted sums: <c>sums_c = Σ_e weights[e, c] · examples_e</c> for one tile of classes and all examples.</summary>
    /// <param name="firstClass">A multiple of <see cref="TileClasses"/>.</param>
    /// <param name="weights">Examples × classes.</param>
    /// <param name="sums">Classes × columns; the tile's rows are overwritten.</param>
    public static void WeightedSums(PaddedRows weights, PaddedRows examples, int firstClass, PaddedRows sums)
    {
        for (var c = firstClass; c < firstClass + TileClasses; c++) sums.Row(c).Clear();
        for (var e = 0; e < examples.Count; e += BlockExamples)
            for (var column = 0; column < examples.Width; column += TileColumns)
                SumTile(weights, examples, e, Math.Min(BlockExamples, examples.Count - e), firstClass, column, sums);
    }

    // 4 examples × 3 classes: twelve sums, and no more registers than there are.
    private static void ScoreTile(PaddedRows examples, PaddedRows classes, int example, int @class, PaddedRows scores)
    {
        ref var z0 = ref examples.At(example);
        ref var z1 = ref examples.At(example + 1);
        ref var z2 = ref examples.At(example + 2);
        ref var z3 = ref examples.At(example + 3);
        ref var t0 = ref classes.At(@class);
        ref var t1 = ref classes.At(@class + 1);
        ref var t2 = ref classes.At(@class + 2);
        Vector256<float> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        Vector256<float> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        for (nuint d = 0; d < (nuint)examples.Width; d += Lanes)
        {
            var (a, b, c) = (Vector256.LoadUnsafe(ref t0, d), Vector256.LoadUnsafe(ref t1, d), Vector256.LoadUnsafe(ref t2, d));
            var z = Vector256.LoadUnsafe(ref z0, d);
            s00 = Vector256.FusedMultiplyAdd(z, a, s00);
            s01 = Vector256.FusedMultiplyAdd(z, b, s01);
            s02 = Vector256.FusedMultiplyAdd(z, c, s02);
            z = Vector256.LoadUnsafe(ref z1, d);
            s10 = Vector256.FusedMultiplyAdd(z, a, s10);
            s11 = Vector256.FusedMultiplyAdd(z, b, s11);
            s12 = Vector256.FusedMultiplyAdd(z, c, s12);
            z = Vector256.LoadUnsafe(ref z2, d);
            s20 = Vector256.FusedMultiplyAdd(z, a, s20);
            s21 = Vector256.FusedMultiplyAdd(z, b, s21);
            s22 = Vector256.FusedMultiplyAdd(z, c, s22);
            z = Vector256.LoadUnsafe(ref z3, d);
            s30 = Vector256.FusedMultiplyAdd(z, a, s30);
            s31 = Vector256.FusedMultiplyAdd(z, b, s31);
            s32 = Vector256.FusedMultiplyAdd(z, c, s32);
        }

        Store(scores, example, @class, s00, s01, s02);
        Store(scores, example + 1, @class, s10, s11, s12);
        Store(scores, example + 2, @class, s20, s21, s22);
        Store(scores, example + 3, @class, s30, s31, s32);
    }

    private static void Store(PaddedRows scores, int example, int @class, Vector256<float> first, Vector256<float> second, Vector256<float> third)
    {
        ref var score = ref Unsafe.Add(ref scores.At(example), @class);
        score = Vector256.Sum(first);
        Unsafe.Add(ref score, 1) = Vector256.Sum(second);
        Unsafe.Add(ref score, 2) = Vector256.Sum(third);
    }

    // 6 classes × 16 columns.
    private static void SumTile(PaddedRows weights, PaddedRows examples, int firstExample, int count, int @class, int column, PaddedRows sums)
    {
        ref var sum = ref Unsafe.Add(ref sums.At(@class), column);
        var stride = (nuint)sums.Stride;
        var (a0, b0) = Load(ref sum, 0);
        var (a1, b1) = Load(ref sum, stride);
        var (a2, b2) = Load(ref sum, 2 * stride);
        var (a3, b3) = Load(ref sum, 3 * stride);
        var (a4, b4) = Load(ref sum, 4 * stride);
        var (a5, b5) = Load(ref sum, 5 * stride);
        ref var z = ref Unsafe.Add(ref examples.At(firstExample), column);
        ref var weight = ref Unsafe.Add(ref weights.At(firstExample), @class);
        for (var e = 0; e < count; e++)
        {
            var (za, zb) = Load(ref z, 0);
            var w = Vector256.Create(weight);
            (a0, b0) = (Vector256.FusedMultiplyAdd(za, w, a0), Vector256.FusedMultiplyAdd(zb, w, b0));
            w = Vector256.Create(Unsafe.Add(ref weight, 1));
            (a1, b1) = (Vector256.FusedMultiplyAdd(za, w, a1), Vector256.FusedMultiplyAdd(zb, w, b1));
            w = Vector256.Create(Unsafe.Add(ref weight, 2));
            (a2, b2) = (Vector256.FusedMultiplyAdd(za, w, a2), Vector256.FusedMultiplyAdd(zb, w, b2));
            w = Vector256.Create(Unsafe.Add(ref weight, 3));
            (a3, b3) = (Vector256.FusedMultiplyAdd(za, w, a3), Vector256.FusedMultiplyAdd(zb, w, b3));
            w = Vector256.Create(Unsafe.Add(ref weight, 4));
            (a4, b4) = (Vector256.FusedMultiplyAdd(za, w, a4), Vector256.FusedMultiplyAdd(zb, w, b4));
            w = Vector256.Create(Unsafe.Add(ref weight, 5));
            (a5, b5) = (Vector256.FusedMultiplyAdd(za, w, a5), Vector256.FusedMultiplyAdd(zb, w, b5));
            z = ref Unsafe.Add(ref z, examples.Stride);
            weight = ref Unsafe.Add(ref weight, weights.Stride);
        }

        Store(ref sum, 0, a0, b0);
        Store(ref sum, stride, a1, b1);
        Store(ref sum, 2 * stride, a2, b2);
        Store(ref sum, 3 * stride, a3, b3);
        Store(ref sum, 4 * stride, a4, b4);
        Store(ref sum, 5 * stride, a5, b5);
    }

    private static (Vector256<float> First, Vector256<float> Second) Load(ref float from, nuint offset) =>
        (Vector256.LoadUnsafe(ref from, offset), Vector256.LoadUnsafe(ref from, offset + Lanes));

    private static void Store(ref float to, nuint offset, Vector256<float> first, Vector256<float> second)
    {
        first.StoreUnsafe(ref to, offset);
        second.StoreUnsafe(ref to, offset + Lanes);
    }
}
