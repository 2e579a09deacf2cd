using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class BaseClassifierTests
{
    [Fact]
    public void FromPrompts_SeveralTemplates_IsTheMeanOfTheRawOutputs() =>
        Assert.Equal([2f, 20f, 5f, 5f], BaseClassifier.FromPrompts([[[1, 10], [3, 30]], [[5, 5]]]).Values);

    [Fact]
    public void FromPrompts_FaultyEmbeddings_AreFeaturesInvalid()
    {
        IReadOnlyList<IReadOnlyList<float[]>>[] faulty = [[], [[]], [[[1, 2]], [[1]]], [[[1], [1, 2]]], [[[float.NaN]]]];

        Assert.All(faulty, embeddings => Assert.Equal(ErrorReason.FeaturesInvalid, Assert.Throws<TaskResException>(() => BaseClassifier.FromPrompts(embeddings)).Reason));
    }

    [Fact]
    public void FromClassMeans_Features_CountByDirectionAlone()
    {
        var means = BaseClassifier.FromClassMeans(new Matrix(3, 2, [10, 0, 0, 1, 0, -3]), [0, 0, 1], 2);

        var diagonal = MathF.Sqrt(0.5f);
        Assert.InRange(Difference.Largest([diagonal, diagonal, 0, -1], means.Values), 0, 1e-7);
    }

    [Fact]
    public void FromClassMeans_ClassWithoutExamples_IsNamed()
    {
        var features = new Matrix(2, 1, [1, 1]);

        Assert.Equal("classes[1]", Refusal(ErrorReason.NoExamples, features, [0, 2], 3).Field);
        Assert.Equal("classes[1]", Refusal(ErrorReason.NoExamples, features, [0, int.MaxValue - 1], int.MaxValue).Field);
        Assert.Equal("labels[1]", Refusal(ErrorReason.UnknownLabel, features, [0, 3], 3).Field);
        Assert.Equal("labels[0]", Refusal(ErrorReason.UnknownLabel, features, [-1, 0], 3).Field);
        Assert.Equal("labels", Refusal(ErrorReason.FeaturesInvalid, features, [0], 1).Field);
    }

    private static TaskResException Refusal(ErrorReason reason, Matrix features, int[] labels, int classes)
    {
        var refusal = Assert.Throws<TaskResException>(() => BaseClassifier.FromClassMeans(features, labels, classes));
        Assert.Equal(reason, refusal.Reason);
        return refusal;
    }
}
