using System.Numerics.Tensors;

namespace TaskRes.Core.Tests.Clip;

/// <summary>How near embeddings are to one another.</summary>
internal static class Vectors
{
    /// <summary>The greatest difference of any value, relative to the greatest value of its row.</summary>
    public static float RelativeError(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (e, a) =>
        {
            Assert.Equal(e.Length, a.Length);
            return e.Zip(a, (x, y) => MathF.Abs(x - y)).Max() / e.Max(MathF.Abs);
        }).Max();
    }

    public static float LeastCosine(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (e, a) => TensorPrimitives.CosineSimilarity(e, a)).Min();
    }
}
