using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class MatrixVectorTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(4, 16)]
    [InlineData(5, 23)]
    [InlineData(100, 512)]
    [InlineData(1001, 96)]
    public void Multiply_AnyShape_AgreesWithDoubles(int rows, int columns)
    {
        var random = new Random(rows + columns);
        var matrix = new Matrix(rows, columns, Values(random, rows * columns));
        var vector = Values(random, columns);
        var products = new float[rows];

        MatrixVector.Multiply(matrix, vector, products);

        for (var row = 0; row < rows; row++)
        {
            var expected = 0.0;
            for (var column = 0; column < columns; column++) expected += (double)matrix.Values[(row * columns) + column] * vector[column];
            Assert.Equal(expected, products[row], 1e-4);
        }
    }

    [Fact]
    public void Multiply_EqualRows_HaveEqualProductsWhereverTheyLie()
    {
        var random = new Random(1);
        var row = Values(random, 37);
        var products = new float[11];

        MatrixVector.Multiply(Matrix.FromRows([.. Enumerable.Repeat(row, 11)], "rows"), Values(random, 37), products);

        Assert.All(products, product => Assert.Equal(products[0], product));
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
}
