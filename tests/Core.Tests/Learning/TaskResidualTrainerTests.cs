using TaskRes.Core.Learning;
using TaskRes.Core.Torch;
using TorchSharp;
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
    public void Fit_TorchsOwnGeneratorMoved_ChangesNothing()
    {
        var task = new SyntheticTask(views: 3);
        var before = task.Fit(Short);

        manual_seed(99);
        rand(10).Dispose();

        Assert.Equal(before.Residual.Values, task.Fit(Short).Residual.Values);
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
    public void Fit_Done_LeavesNoTensorBehind()
    {
        var task = new SyntheticTask();
        task.Fit(Short);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        task.Fit(Short);

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
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

        var trained = TaskResidualTrainer.Fit(task.Base, task.Support, SyntheticTask.LogitScale, Short, null, new Listener(told.Add), TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(1, 8), told.Select(epoch => epoch.Epoch));
        Assert.Equal(trained.Losses.Take(2).Average(), told[0].Loss, 1e-6);
        Assert.Equal(1e-5, told[0].LearningRate);
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
            TaskResidualTrainer.Fit(task.Base, task.Support, SyntheticTask.LogitScale, Short, null, stopAtTwo, cancellation.Token));

        Assert.Equal(2, epochs);
    }

    [Fact]
    public void Loss_Gradient_AgreesWithFiniteDifferences()
    {
        TorchRuntime.EnsureLoaded();
        const double step = 1e-5;
        const double logitScale = 10;
        using var scope = NewDisposeScope();
        var task = new SyntheticTask(classes: 3, dimensions: 4);
        var t = tensor(task.Base.Values, 3, 4).to_type(ScalarType.Float64);
        var features = tensor(task.Support.Views[0].Values, task.Labels.Length, 4).to_type(ScalarType.Float64);
        var labels = tensor(task.Labels.Select(label => (long)label).ToArray());
        var x = (0.1 * ones_like(t)).requires_grad_();
        double Loss(Tensor residual) => TaskResidualTrainer.Loss(t, 0.5 * residual, logitScale, features, labels).item<double>();

        TaskResidualTrainer.Loss(t, 0.5 * x, logitScale, features, labels).backward();

        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 4; column++)
            {
                var (above, below) = (x.detach().clone(), x.detach().clone());
                above[row, column] += step;
                below[row, column] -= step;
                Assert.Equal((Loss(above) - Loss(below)) / (2 * step), x.grad![row, column].item<double>(), 1e-7);
            }
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
