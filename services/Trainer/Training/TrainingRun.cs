using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Jobs;

namespace TaskRes.Trainer.Training;

/// <param name="Revision">The result.</param>
/// <param name="Promoted">Whether it went live.</param>
internal sealed record TrainedRevision(RevisionName Revision, bool Promoted);

/// <summary>What a job does: from the task's examples to a published revision, and live where the job's policy says so.</summary>
internal sealed class TrainingRun(ITaskRegistry registry, FewShotTasks tasks, TextTower tower, Patience patience)
{
    /// <param name="stillHeld">Asked before the revision goes live: a worker that lost the job must not decide what is served.</param>
    /// <exception cref="Core.TaskResException">TaskNotFound, NoExamples, EncoderMismatch, FeaturesInvalid, RegistryUnavailable.</exception>
    public async Task<TrainedRevision> RunAsync(
        JobRecord job, IProgress<EpochProgress> progress, Func<CancellationToken, Task<bool>> stillHeld, CancellationToken cancellationToken)
    {
        var name = job.Name.Task;
        var task = await patience.RunAsync(token => registry.GetTaskAsync(name, token), cancellationToken);
        var examples = await patience.RunAsync(token => registry.ReadExamplesAsync(name, token), cancellationToken);
        TrainingData.RequireExamples(task, TrainingData.Count(task, examples));
        var fewShot = await tasks.OfAsync(task, TrainingData.SupportSet(task, examples), cancellationToken);
        if (job.WarmStart is { } earlier) fewShot = fewShot with { Start = await StartAsync(earlier, task, job.Settings, cancellationToken) };

        var trained = await FitAsync(fewShot, task, job.Settings, progress, cancellationToken);
        var published = await patience.RunAsync(token => registry.PublishAsync(name, Build(task, examples, fewShot, job.Settings, trained), token), cancellationToken);
        return new TrainedRevision(published.Name, await PromoteAsync(job, published, stillHeld, cancellationToken));
    }

    private async Task<Matrix> StartAsync(RevisionName name, TaskRecord task, TrainingSettings settings, CancellationToken cancellationToken)
    {
        var earlier = await patience.RunAsync(token => registry.ReadRevisionAsync(name, token), cancellationToken);
        earlier.RequireEncoder(task.EncoderFingerprint);
        return WarmStart.Residual(earlier, task.ClassNames, settings.Alpha);
    }

    // On a thread of its own: it computes for seconds.
    private Task<TrainedClassifier> FitAsync(FewShotTask fewShot, TaskRecord task, TrainingSettings settings, IProgress<EpochProgress> progress, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () =>
            {
                var provided = tower.Provide(fewShot, task, settings);
                using var prompts = provided.Prompts as IDisposable;
                return FewShotTraining.Run(provided, settings, progress, cancellationToken);
            },
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private static Revision Build(TaskRecord task, IReadOnlyList<ExampleRecord> examples, FewShotTask fewShot, TrainingSettings settings, TrainedClassifier trained) => new()
    {
        ClassNames = task.ClassNames,
        Templates = task.Templates,
        BaseKind = task.BaseKind,
        Base = trained.Classifier.Base,
        Residual = trained.Classifier.Residual,
        Alpha = trained.Classifier.Alpha,
        LogitScale = trained.Classifier.LogitScale,
        Image = trained.Classifier.Image,
        Added = trained.Classifier.Added,
        EncoderFingerprint = task.EncoderFingerprint,
        Settings = settings,
        Method = trained.Method,
        ExampleDigests = [.. examples.Select(example => $"{example.Digest}")],
        Measured = trained.Measure(fewShot),
        Difficulty = trained.Difficulty(fewShot),
        Evidence = trained.Evidence is { Folds: > 0 } evidence ? evidence : null,
    };

    private async Task<bool> PromoteAsync(JobRecord job, RevisionRecord revision, Func<CancellationToken, Task<bool>> stillHeld, CancellationToken cancellationToken)
    {
        if (!PromotionGate.Opens(job.Promotion, revision.Evidence) || !await patience.RunAsync(stillHeld, cancellationToken)) return false;
        return await patience.RunAsync(async token =>
        {
            await registry.PromoteAsync(revision.Name, expected: null, token);
            return true;
        }, cancellationToken);
    }
}
