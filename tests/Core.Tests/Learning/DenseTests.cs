using TaskRes.Core.Learning;
using TaskRes.Core.Tests.Learning.Methods;

namespace TaskRes.Core.Tests.Learning;

public sealed class DenseTests
{
    private readonly Random _random = new(3);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 7, 3)]
    [InlineData(17, 16, 19)] // a column more than a tile
    [InlineData(40, 33, 100)]
    public void Products_AnyShape_AgreeWithLoops(int rows, int others, int columns)
    {
        Matrix a = Noise(rows, columns), b = Noise(others, columns), w = Noise(rows, others), c = Noise(others, columns);
        double[][] Of(Matrix matrix) => Plain.Rows(matrix);

        Close(Plain.Product(Of(a), Plain.Transposed(Of(b))), Dense.RowProducts(a, b));
        Close(Plain.Product(Plain.Transposed(Of(w)), Of(a)), Dense.WeightedSums(w, a));
        Close(Plain.Product(Of(w), Of(c)), Dense.Product(w, c));
        Close(Plain.Transposed(Of(a)), Dense.Transposed(a));
        Close([.. Of(a).Zip(Of(Dense.Scaled(a, 2)), (left, right) => Plain.Sum(left, right, -0.5))], Matrix.Zeros(rows, columns));
        Close([Enumerable.Range(0, columns).Select(column => Of(a).Sum(row => row[column])).ToArray()], Dense.RowSum(a));
    }

    /// <summary>Lent memory is used again, and holds what others left.</summary>
    [Fact]
    public void Products_AfterLargerOnes_AreTheSame()
    {
        Matrix a = Noise(5, 7), b = Noise(3, 7), w = Noise(5, 3);
        var (products, sums) = (Dense.RowProducts(a, b).Values, Dense.WeightedSums(w, a).Values);

        for (var size = 1; size < 70; size += 3)
        {
            var large = new Matrix(size, size, [.. Enumerable.Repeat(float.NaN, size * size)]);
            Dense.RowProducts(large, large);
            Dense.WeightedSums(large, large);
        }

        Assert.Equal(products, Dense.RowProducts(a, b).Values);
        Assert.Equal(sums, Dense.WeightedSums(w, a).Values);
    }

    /// <summary>The whole is computed by several threads; a row or a column of it alone is not.</summary>
    [Fact]
    public void Products_OnSeveralThreads_GiveTheBitsOfOne()
    {
        Matrix a = Noise(150, 512), b = Noise(102, 512), w = Noise(150, 102);

        var products = Dense.RowProducts(a, b);
        for (var row = 0; row < a.Rows; row++) Assert.Equal(products.Row(row).ToArray(), Dense.RowProducts(Dense.Rows(a, [row]), b).Values);

        var (sums, columns) = (Dense.WeightedSums(w, a), Dense.Transposed(w));
        for (var column = 0; column < w.Columns; column++)
            Assert.Equal(sums.Row(column).ToArray(), Dense.WeightedSums(new Matrix(a.Rows, 1, columns.Row(column).ToArray()), a).Values);
    }

    [Fact]
    public void WherePositive_AnyLength_KeepsWhatIsAboveZero()
    {
        for (var count = 1; count < 40; count++)
        {
            var (others, values) = (Noise(1, count), Noise(1, count));
            others.Values[count / 2] = 0;

            Assert.Equal(others.Values.Zip(values.Values, (other, value) => other > 0 ? value : 0), Dense.WherePositive(others, values).Values);
        }
    }

    [Fact]
    public void Rows_SomeOfThem_AreInTheOrderAsked() => Assert.Equal([5f, 6, 1, 2, 5, 6], Dense.Rows(new Matrix(3, 2, [1, 2, 3, 4, 5, 6]), [2, 0, 2]).Values);

    private Matrix Noise(int rows, int columns) => new(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => (float)((2 * _random.NextDouble()) - 1))]);

    private static void Close(double[][] expected, Matrix actual)
    {
        Assert.Equal((expected.Length, expected[0].Length), (actual.Rows, actual.Columns));
        Assert.InRange(Difference.Largest(Plain.Matrix(expected).Values, actual.Values), 0, 2e-5);
    }
}
