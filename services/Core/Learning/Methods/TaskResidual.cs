using TaskRes.Core.Learning.Classifiers;

namespace TaskRes.Core.Learning.Methods;

/// <summary>TaskRes with the regular base: <see cref="TaskResidualTrainer"/>.</summary>
internal sealed class TaskResidual : IFewShotMethod
{
    public string Name => TrainingSettings.TaskRes;

    public string Summary => "a residual of each class vector";

    public TrainingSettings Defaults { get; } = new();

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken)
    {
        var trained = TaskResidualTrainer.Fit(task.Base, task.Support, task.LogitScale, settings, task.Order, task.Start, progress, cancellationToken);
        var classifier = FewShotClassifier.ZeroShot(task.Base, task.LogitScale) with { Residual = trained.Residual, Alpha = settings.Alpha };
        return new FittedMethod(classifier, trained.Losses);
    }
}
