using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class WarmStartTests
{
    [Fact]
    public void Residual_ClassesAddedAndRemoved_KeepsWhatWasLearntOfTheShared()
    {
        var earlier = new SyntheticTask().Revision();
        string[] names = ["new", earlier.ClassNames[3], earlier.ClassNames[0]];

        var start = WarmStart.Residual(earlier, names, alpha: 2);

        Assert.All(start.Row(0).ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(earlier.Residual.Row(3).ToArray().Select(value => (float)(0.5 / 2) * value), start.Row(1).ToArray());
        Assert.Equal(earlier.Residual.Row(0).ToArray().Select(value => (float)(0.5 / 2) * value), start.Row(2).ToArray());
    }

    [Fact]
    public void Residual_NoClassInCommon_IsRefused()
    {
        var error = Assert.Throws<TaskResException>(() => WarmStart.Residual(new SyntheticTask().Revision(), ["a", "b"], alpha: 0.5));

        Assert.Equal((ErrorReason.InvalidField, "warm_start"), (error.Reason, error.Field));
    }

    [Fact]
    public void Fit_FromWhatWasLearnt_StartsAtItsLoss()
    {
        var task = new SyntheticTask();
        var settings = new TrainingSettings { Epochs = 50, LearningRate = 0.02 };
        var first = task.Fit(settings);

        var again = TaskResidualTrainer.Fit(
            task.Base, task.Support, SyntheticTask.LogitScale, settings, start: first.Residual, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(again.Losses[0] <= first.FinalLoss + 1e-4);
        Assert.True(again.Losses[0] < first.Losses[0] / 2);
    }

    [Fact]
    public void Similarity_OfARevisionWithItself_IsOne()
    {
        var revision = new SyntheticTask().Revision();

        var similarity = RevisionSimilarity.Of(revision, revision);

        Assert.Equal(revision.ClassNames, similarity.SharedClasses);
        Assert.Equal((1.0, 1.0), (similarity.ResidualCosine, similarity.ClassifierCosine), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-6 && Math.Abs(a.Item2 - b.Item2) < 1e-6);
    }
}
