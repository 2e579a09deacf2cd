using TaskRes.Core;
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
internal sealed partial class TrainingRun(ITaskRegistry registry, FewShotTasks tasks, TextTower tower, Patience patience, ILogger<TrainingRun> logger)
{
    /// <param name="stillHeld">Asked before the revision goes live: a worker that lost the job must not decide what is served.</param>
    /// <exception cref="Core.TaskResException">TaskNotFound, NoExamples, EncoderMismatch, FeaturesInvalid, RegistryUnavailable.</exception>
    public async Task<TrainedRevision> RunAsync(
        JobRecord job, IProgress<EpochProgress> progress, Func<CancellationToken, Task<bool>> stillHeld, CancellationToken cancellationToken)
    {
        var name = job.Name.Task;
        var task = await patience.RunAsync(token => registry.GetTaskAsync(name, token), cancellationToken);
        var serving = await patience.RunAsync(token => registry.GetServingAsync(name, token), cancellationToken);
        var examples = await patience.RunAsync(token => registry.ReadExamplesAsync(name, token), cancellationToken);
        TrainingData.RequireExamples(task, TrainingData.Count(task, examples));
        var fewShot = await tasks.OfAsync(task, TrainingData.SupportSet(task, examples), cancellationToken);
        if (job.WarmStart is { } earlier) fewShot = fewShot with { Start = await StartAsync(earlier, task, job.Settings, cancellationToken) };

        var trained = await FitAsync(fewShot, task, job.Settings, progress, cancellationToken);
        var published = await patience.RunAsync(token => registry.PublishAsync(name, Build(task, examples, fewShot, job.Settings, trained), token), cancellationToken);
        return new TrainedRevision(published.Name, await PromoteAsync(job, published, Unchanged(task, serving), stillHeld, cancellationToken));
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

    // What somebody makes live while the job trains is newer than the job, and stays.
    private static ServingExpectation Unchanged(TaskRecord task, Serving before) =>
        before.Live is { } live ? new ServingExpectation(live) : new ServingExpectation(Etag: before.EtagOf(task));

    private async Task<bool> PromoteAsync(
        JobRecord job, RevisionRecord revision, ServingExpectation unchanged, Func<CancellationToken, Task<bool>> stillHeld, CancellationToken cancellationToken)
    {
        if (!PromotionGate.Opens(job.Promotion, revision.Evidence) || !await patience.RunAsync(stillHeld, cancellationToken)) return false;
        try
        {
            return await patience.RunAsync(async token =>
            {
                await registry.PromoteAsync(revision.Name, unchanged, token);
                return true;
            }, cancellationToken);
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.Conflict)
        {
            // An attempt whose answer was lost may have made it live.
            if ((await patience.RunAsync(token => registry.GetServingAsync(revision.Name.Task, token), cancellationToken)).Live == revision.Name) return true;
            Log.Outdated(logger, job.Name, revision.Name, exception.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "PromotionOutdated", Level = LogLevel.Warning, Message = "{Job} keeps {Revision} without making it live since the task changed while it trained: {Reason}")]
        public static partial void Outdated(ILogger logger, JobName job, RevisionName revision, string reason);
    }
}
