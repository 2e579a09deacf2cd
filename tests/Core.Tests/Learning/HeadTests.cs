using TaskRes.Core.Learning;
using TaskRes.Core.Torch;
using static TorchSharp.torch;

namespace TaskRes.Core.Tests.Learning;

public sealed class HeadTests
{
    private static readonly SyntheticTask Task = new(classes: 11, dimensions: 24);

    [Fact]
    public void TopK_Embedding_AgreesWithTorch()
    {
        TorchRuntime.EnsureLoaded();
        var revision = Task.Revision();
        var head = new Head(revision);
        using var scope = NewDisposeScope();
        var target = tensor(revision.Base.Values, 11, 24) + (revision.Alpha * tensor(revision.Residual.Values, 11, 24));
        var features = tensor(Task.Views[0].Values, Task.Labels.Length, 24);
        var logits = 100 * nn.functional.normalize(features, dim: 1).matmul(nn.functional.normalize(target, dim: 1).t());
        var probabilities = nn.functional.softmax(logits, dim: 1);

        for (var row = 0; row < Task.Labels.Length; row++)
        {
            var all = head.TopK(Task.Views[0].Row(row), 11);
            var inClassOrder = all.OrderBy(prediction => prediction.ClassIndex).ToList();
            Assert.InRange(Difference.Largest(logits[row].data<float>().ToArray(), [.. inClassOrder.Select(prediction => prediction.Logit)]), 0, 1e-4);
            Assert.InRange(Difference.Largest(probabilities[row].data<float>().ToArray(), [.. inClassOrder.Select(prediction => prediction.Probability)]), 0, 1e-5);
            Assert.Equal(all.OrderByDescending(prediction => prediction.Logit), all);
            Assert.Equal(1, all.Sum(prediction => prediction.Probability), 1e-5);
            Assert.All(all, prediction => Assert.Equal(revision.ClassNames[prediction.ClassIndex], prediction.ClassName));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(500, 11)]
    public void TopK_FewerThanAll_IsTheBeginningOfAll(int k, int count)
    {
        var head = new Head(Task.Revision());

        var best = head.TopK(Task.Views[0].Row(0), k);

        Assert.Equal(count, best.Count);
        Assert.Equal(head.TopK(Task.Views[0].Row(0), 11).Take(count), best);
    }

    [Fact]
    public void TopK_EqualClasses_ComeInTheTasksOrder()
    {
        var zeroShot = Revision.ZeroShot(["a", "b", "c"], [], new Matrix(3, 2, [1, 0, 0, 1, 1, 0]), 100, "encoder");

        Assert.Equal(["a", "c", "b"], new Head(zeroShot).TopK([3, 0], 3).Select(prediction => prediction.ClassName));
    }

    [Fact]
    public void TopK_LargestLogits_StayFinite()
    {
        var zeroShot = Revision.ZeroShot(["a", "b"], [], new Matrix(2, 1, [1, -1]), 1000, "encoder");

        var best = new Head(zeroShot).TopK([1e-3f], 2);

        Assert.Equal([1f, 0f], best.Select(prediction => prediction.Probability));
        Assert.InRange(Difference.Largest([1000, -1000], [.. best.Select(prediction => prediction.Logit)]), 0, 1e-3);
    }

    [Fact]
    public void TopK_EmbeddingThatDoesNotFit_IsFeaturesInvalid()
    {
        var head = new Head(Task.Revision());
        float[][] faulty = [[], new float[23], new float[25], new float[24], [float.NaN, .. new float[23]], [float.PositiveInfinity, .. new float[23]]];

        Assert.All(faulty, embedding => Assert.Equal(ErrorReason.FeaturesInvalid, Assert.Throws<TaskResException>(() => head.TopK(embedding, 1)).Reason));
        Assert.Equal(ErrorReason.InvalidField, Assert.Throws<TaskResException>(() => head.TopK(Task.Views[0].Row(0), 0)).Reason);
    }
}
