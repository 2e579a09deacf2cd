using TaskRes.Core.Learning;
using static TorchSharp.torch;

namespace TaskRes.Core.Tests.Learning;

public sealed class TaskResidualTrainerTests
{
    private static readonly TrainingSettings Short = new() { Epochs = 8, BatchSize = 8 };

    [Fact]
    public void Fit_SameSeed_GivesTheSameBits()
    {
        var task = new SyntheticTask(views: 3);

        var (first, second) = (task.Fit(Short), task.Fit(Short));

        Assert.Equal(first.Residual.Values, second.Residual.Values);
        Assert.Equal(first.Losses, second.Losses);
    }

    [Fact]
    public void Fit_OtherSeed_GivesAnotherResidual()
    {
        var task = new SyntheticTask();

        Assert.NotEqual(task.Fit(Short).Residual.Values, task.Fit(Short with { Seed = 2 }).Residual.Values);
    }

    [Fact]
    public void Fit_SeveralViews_TrainsOnThemAll()
    {
        var task = new SyntheticTask(views: 2);
        var evaluationCropsAlone = TaskResidualTrainer.Fit(
            task.Base, new SupportSet([task.Views[0]], task.Labels, 5), SyntheticTask.LogitScale, Short, cancellationToken: TestContext.Current.CancellationToken);

        Assert.NotEqual(evaluationCropsAlone.Residual.Values, task.Fit(Short).Residual.Values);
    }

    [Fact]
    public void Fit_Examples_RaisesTheirAccuracy()
    {
        var trained = new SyntheticTask().Fit(new TrainingSettings { LearningRate = 0.02 });

        Assert.Equal(100, trained.Epochs);
        Assert.True(trained.SupportAccuracy > trained.BaseSupportAccuracy, $"{trained.BaseSupportAccuracy} → {trained.SupportAccuracy}");
        Assert.True(trained.FinalLoss < trained.Losses[0]);
    }

    [Fact]
    public void Fit_AlphaZero_LeavesTheResidualZero() =>
        Assert.All(new SyntheticTask().Fit(Short with { Alpha = 0 }).Residual.Values, value => Assert.Equal(0, value));

    [Theory]
    [InlineData(20, 256, 1)] // fewer examples than a batch: all in one
    [InlineData(20, 20, 1)]
    [InlineData(20, 8, 2)] // the last four wait for another epoch
    [InlineData(20, 1, 20)]
    public void Fit_BatchSize_SetsTheStepsOfAnEpoch(int examples, int batchSize, int steps)
    {
        var trained = new SyntheticTask(classes: 5, shots: examples / 5).Fit(new TrainingSettings { Epochs = 3, BatchSize = batchSize });

        Assert.Equal(3 * steps, trained.Losses.Length);
    }

    [Fact]
    public void Fit_Progress_IsToldAfterEachEpoch()
    {
        var told = new List<EpochProgress>();
        var task = new SyntheticTask();

        var trained = TaskResidualTrainer.Fit(task.Base, task.Support, SyntheticTask.LogitScale, Short, null, null, new Listener(told.Add), TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(1, 8), told.Select(epoch => epoch.Epoch));
        Assert.Equal(trained.Losses.Take(2).Average(), told[0].Loss, 1e-6);
        Assert.Equal(1e-5, told[0].LearningRate);
    }

    [Fact]
    public void Fit_ProgressOfAWholeBatch_TellsTheAccuracyBeforeTheStep()
    {
        var told = new List<EpochProgress>();
        var task = new SyntheticTask();

        var settings = new TrainingSettings { Epochs = 60, LearningRate = 0.05 };
        var trained = TaskResidualTrainer.Fit(task.Base, task.Support, SyntheticTask.LogitScale, settings, null, null, new Listener(told.Add), TestContext.Current.CancellationToken);

        Assert.Equal(trained.BaseSupportAccuracy, told[0].Accuracy!.Value, 1e-9);
        Assert.True(trained.SupportAccuracy > trained.BaseSupportAccuracy);
        // The last step, at the end of the schedule, changes next to nothing.
        Assert.Equal(trained.SupportAccuracy, told[^1].Accuracy!.Value, 1e-9);
    }

    [Fact]
    public void Fit_Cancelled_EndsBeforeTheNextEpoch()
    {
        using var cancellation = new CancellationTokenSource();
        var epochs = 0;
        var task = new SyntheticTask();
        var stopAtTwo = new Listener(_ =>
        {
            if (++epochs == 2) cancellation.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() =>
            TaskResidualTrainer.Fit(task.Base, task.Support, SyntheticTask.LogitScale, Short, null, null, stopAtTwo, cancellation.Token));

        Assert.Equal(2, epochs);
    }

    [Theory]
    [InlineData(5, 16, 4, 1, 8)]
    [InlineData(7, 33, 5, 3, 9)] // nothing fills a tile
    [InlineData(2, 3, 1, 1, 256)]
    [InlineData(102, 512, 2, 2, 256)] // on several threads
    public void Fit_AnyShape_AgreesWithAutogradInDoublePrecision(int classes, int dimensions, int shots, int views, int batchSize)
    {
        var task = new SyntheticTask(classes, dimensions, shots, views);
        var settings = new TrainingSettings { Epochs = 10, BatchSize = batchSize };

        var trained = task.Fit(settings);

        var (residual, losses) = AutogradTrainer.Fit(task.Base, task.Support, SyntheticTask.LogitScale, settings, precision: ScalarType.Float64);
        Assert.InRange(Difference.Largest(residual.Values, trained.Residual.Values), 0, 1e-5);
        Assert.InRange(Difference.Largest(losses, trained.Losses), 0, 1e-5 * Math.Max(1, losses.Max()));
    }

    [Fact]
    public void Step_AnyNumberOfThreads_GivesTheSameBits()
    {
        var task = new SyntheticTask(classes: 100, dimensions: 512, shots: 3);
        ReadOnlyMemory<float>[] batch = [.. Enumerable.Range(0, task.Labels.Length).Select(row => task.Support.Feature(row))];
        var alone = Residual(threads: 1);

        foreach (var threads in new[] { 2, 3, 8 }) Assert.Equal(alone, Residual(threads));

        float[] Residual(int threads)
        {
            var descent = new ResidualDescent(task.Base, batch.Length, SyntheticTask.LogitScale, Short, threads);
            for (var step = 0; step < 5; step++) descent.Step(batch, task.Labels, 2e-3);
            return descent.Residual.Values;
        }
    }

    [Fact]
    public void Step_Gradient_AgreesWithFiniteDifferences()
    {
        const double Step = 1e-3;
        const double LogitScale = 10;
        var task = new SyntheticTask(classes: 3, dimensions: 4);
        var (features, labels) = (task.Support.Views[0], task.Labels);
        ReadOnlyMemory<float>[] batch = [.. Enumerable.Range(0, features.Rows).Select(row => features.Row(row).ToArray().AsMemory())];

        // Adam's first step is the gradient's sign times the rate, but for ε: it is seen where the rate's sign turns.
        var descent = new ResidualDescent(task.Base, batch.Length, LogitScale, new TrainingSettings { WeightDecay = 0 }, threads: 1);
        descent.Step(batch, labels, rate: 1);

        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 4; column++)
            {
                var slope = (Loss(row, column, Step) - Loss(row, column, -Step)) / (2 * Step);
                if (Math.Abs(slope) > 1e-4) Assert.Equal(-Math.Sign(slope), descent.Residual.Row(row)[column], 1e-3f);
            }
        }

        // In double precision, by loops.
        double Loss(int row, int column, double change)
        {
            var sum = 0.0;
            for (var example = 0; example < batch.Length; example++)
            {
                var logits = new double[3];
                for (var k = 0; k < 3; k++)
                {
                    var t = Enumerable.Range(0, 4).Select(d => task.Base.Row(k)[d] + (k == row && d == column ? 0.5 * change : 0)).ToArray();
                    var norm = Math.Sqrt(t.Sum(value => value * value));
                    for (var d = 0; d < 4; d++) logits[k] += LogitScale * features.Row(example)[d] * t[d] / norm;
                }

                sum += Math.Log(logits.Sum(logit => Math.Exp(logit - logits.Max()))) + logits.Max() - logits[labels[example]];
            }

            return sum / batch.Length;
        }
    }

    [Fact]
    public void Fit_InputThatDoesNotFit_IsRefusedWithItsReason()
    {
        var task = new SyntheticTask();
        void Refused(ErrorReason reason, Action fit) => Assert.Equal(reason, Assert.Throws<TaskResException>(fit).Reason);
        TrainingResult Fit(Matrix baseClassifier, double logitScale = 100, long[,]? order = null) =>
            TaskResidualTrainer.Fit(baseClassifier, task.Support, logitScale, Short, order);

        Refused(ErrorReason.FeaturesInvalid, () => Fit(new SyntheticTask(dimensions: 8).Base));
        Refused(ErrorReason.FeaturesInvalid, () => Fit(new SyntheticTask(classes: 4).Base));
        Refused(ErrorReason.FeaturesInvalid, () => Fit(Matrix.Zeros(5, 16)));
        Refused(ErrorReason.FeaturesInvalid, () => Fit(new Matrix(5, 16, [float.NaN, .. task.Base.Values[1..]])));
        Refused(ErrorReason.InvalidField, () => Fit(task.Base, double.NaN));
        Refused(ErrorReason.InvalidField, () => Fit(task.Base, 0));
        Refused(ErrorReason.InvalidField, () => Fit(task.Base, order: new long[8, 19]));
        Refused(ErrorReason.InvalidField, () => Fit(task.Base, order: new long[7, 20]));
        var outside = new long[8, 20];
        outside[7, 19] = 20;
        Refused(ErrorReason.InvalidField, () => Fit(task.Base, order: outside));
    }

    private sealed class Listener(Action<EpochProgress> listen) : IProgress<EpochProgress>
    {
        public void Report(EpochProgress value) => listen(value);
    }
}
