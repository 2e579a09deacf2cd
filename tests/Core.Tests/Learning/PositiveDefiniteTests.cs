using TaskRes.Core.Learning;
using TaskRes.Core.Tests.Learning.Methods;

namespace TaskRes.Core.Tests.Learning;

public sealed class PositiveDefiniteTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(13)]
    [InlineData(40)]
    public void Solve_RandomMatrix_GivesBackWhatItIsTimesTheMatrix(int size)
    {
        var random = new Random(size);
        double[][] factor = [.. Enumerable.Range(0, size).Select(row => Enumerable.Range(0, size).Select(column => ((2 * random.NextDouble()) - 1) + (row == column ? 2 : 0)).ToArray())];
        var matrix = Plain.Product(factor, Plain.Transposed(factor));
        double[][] rows = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, size).Select(_ => random.NextDouble()).ToArray())];

        var solved = PositiveDefinite.Factor([.. matrix.Select((row, index) => row[..(index + 1)])], "matrix").Solve(Plain.Matrix(rows));

        Assert.InRange(Difference.Largest(Plain.Matrix(rows).Values, Plain.Matrix(Plain.Product(Plain.Rows(solved), matrix)).Values), 0, 1e-4);
        var products = PositiveDefinite.FactorProducts(Plain.Matrix(factor), "factor").Solve(Plain.Matrix(rows));
        Assert.InRange(Difference.Largest(solved.Values, products.Values), 0, 1e-3);
    }

    [Fact]
    public void Factor_NotOfFullRank_IsRefused()
    {
        void Refused(Action factor)
        {
            var refusal = Assert.Throws<TaskResException>(factor);
            Assert.Equal((ErrorReason.FeaturesInvalid, "matrix"), (refusal.Reason, refusal.Field));
        }

        Refused(() => PositiveDefinite.Factor([[0]], "matrix"));
        Refused(() => PositiveDefinite.Factor([[1], [2, 1]], "matrix")); // an eigenvalue below zero
        Refused(() => PositiveDefinite.Factor([[double.NaN]], "matrix"));
        Refused(() => PositiveDefinite.FactorProducts(new Matrix(2, 3, [1, 2, 3, 2, 4, 6]), "matrix"));
        Refused(() => PositiveDefinite.FactorProducts(new Matrix(3, 2, [1, 2, 3, 4, 5, 6]), "matrix")); // more rows than columns
        Refused(() => PositiveDefinite.FactorProducts(new Matrix(3, 2, [0.1f, 0.7f, 0.3f, 0.9f, 0.31f, 0.11f]), "matrix"));
    }
}
