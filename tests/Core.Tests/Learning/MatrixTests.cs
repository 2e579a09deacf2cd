using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class MatrixTests
{
    [Fact]
    public void Normalized_Rows_HaveLengthOneAndTheSourceIsKept()
    {
        var matrix = new Matrix(2, 2, [3, 4, 0, -2]);

        Assert.InRange(Difference.Largest([0.6f, 0.8f, 0, -1], matrix.Normalized("features").Values), 0, 1e-7);
        Assert.Equal([3f, 4f, 0f, -2f], matrix.Values);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e30f)]
    public void Normalized_RowWithoutDirection_IsRefusedByName(float value)
    {
        var refusal = Assert.Throws<TaskResException>(() => new Matrix(2, 2, [3, 4, value, value]).Normalized("features"));

        Assert.Equal((ErrorReason.FeaturesInvalid, "features[1]"), (refusal.Reason, refusal.Field));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void EnsureFinite_ValueThatIsNot_IsRefusedByRow(float value)
    {
        var refusal = Assert.Throws<TaskResException>(() => new Matrix(3, 1, [1, 2, value]).EnsureFinite("base"));

        Assert.Equal((ErrorReason.FeaturesInvalid, "base[2]"), (refusal.Reason, refusal.Field));
    }

    [Fact]
    public void FromRows_UnequalOrNone_IsFeaturesInvalid()
    {
        Assert.Equal("base[1]", Assert.Throws<TaskResException>(() => Matrix.FromRows([[1, 2], [3]], "base")).Field);
        Assert.Equal(ErrorReason.FeaturesInvalid, Assert.Throws<TaskResException>(() => Matrix.FromRows([], "base")).Reason);
        Assert.Equal(ErrorReason.FeaturesInvalid, Assert.Throws<TaskResException>(() => new Matrix(2, 2, new float[3])).Reason);
    }
}
