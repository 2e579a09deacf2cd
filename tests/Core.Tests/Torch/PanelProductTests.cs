using TaskRes.Core.Torch;
using static TorchSharp.torch;

namespace TaskRes.Core.Tests.Torch;

public sealed class PanelProductTests
{
    private const float Tolerance = 2e-6f;

    public PanelProductTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(5, 100, 32)]
    [InlineData(6, 256, 96)]
    [InlineData(193, 257, 64)]
    [InlineData(400, 768, 192)]
    public void Multiply_AnyNumberOfRows_IsTheProductInFloat64(int count, int inputs, int outputs)
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Fma.IsSupported, "needs AVX2 with FMA");
        using var scope = NewDisposeScope();
        var generator = new Generator(7);
        var x = randn([count, inputs], generator: generator);
        var weight = randn([outputs, inputs], generator: generator);
        var bias = randn([outputs], generator: generator);
        var addend = randn([count, outputs], generator: generator);
        Assert.True(PanelProduct.Takes(weight));
        var panels = PanelProduct.Panels(weight);

        var expected = nn.functional.linear(x.@double(), weight.@double(), bias.@double());

        AssertNear(expected, PanelProduct.Multiply(x, panels, bias));
        AssertNear(expected + addend, PanelProduct.Multiply(x, panels, bias, addend));
        AssertNear(nn.functional.silu(expected), PanelProduct.Multiply(x, panels, bias, silu: true));
    }

    [Fact]
    public void Multiply_RowAloneOrAmongOthers_IsTheSameToTheBit()
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Fma.IsSupported, "needs AVX2 with FMA");
        using var scope = NewDisposeScope();
        var (x, weight, bias) = (randn(250, 300), randn(64, 300), randn(64));
        var panels = PanelProduct.Panels(weight);

        var together = PanelProduct.Multiply(x, panels, bias);
        var alone = cat([.. Enumerable.Range(0, 250).Select(row => PanelProduct.Multiply(x.narrow(0, row, 1), panels, bias))]);

        Assert.Equal(together.bytes.ToArray(), alone.bytes.ToArray());
    }

    [Theory]
    [InlineData(8, 64, 1)]
    [InlineData(16, 50, 129)]
    public unsafe void Accumulate_EitherWidth_AddsTheProduct(int lanes, int stride, int depth)
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Fma.IsSupported, "needs AVX2 with FMA");
        const int rows = PanelKernel.TileRows;
        var columns = 2 * lanes;
        var random = new Random(1);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() - 0.5f)];
        var (left, right, tile) = (Values(depth * rows), Values(depth * columns), Values(rows * stride));
        var expected = (float[])tile.Clone();
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                for (var d = 0; d < depth; d++) expected[(row * stride) + column] += left[(d * rows) + row] * right[(d * columns) + column];

        fixed (float* a = left, b = right, c = tile)
        {
            if (lanes == 8) PanelKernel.Accumulate256(a, b, depth, c, stride);
            else PanelKernel.Accumulate512(a, b, depth, c, stride);
        }

        Assert.All(expected.Zip(tile), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    /// <summary>Relative to the greatest value: sums of many terms round in the order that they are taken in.</summary>
    private static void AssertNear(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange(((expected - actual).abs().max() / expected.abs().max()).item<double>(), 0, Tolerance);
    }
}
