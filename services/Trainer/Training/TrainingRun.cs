using TaskRes.Core.Learning;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Jobs;
using TaskRes.Trainer.Tasks;
using BaseKind = TaskRes.Platform.Registry.BaseKind;

namespace TaskRes.Trainer.Training;

/// <param name="Revision">The result.</param>
/// <param name="Promoted">Whether it went live.</param>
internal sealed record TrainedRevision(RevisionName Revision, bool Promoted);

/// <summary>What a job does: from the task's examples to a published revision, and live where the job's policy says so.</summary>
internal sealed class TrainingRun(ITaskRegistry registry, IEmbedder embedder, Patience patience)
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
        var support = TrainingData.SupportSet(task, examples);
        var (classifier, logitScale) = await BaseAsync(task, support, cancellationToken);

        var result = await FitAsync(classifier, support, logitScale, job.Settings, progress, cancellationToken);
        var revision = Build(task, examples, classifier, logitScale, job.Settings, result);
        var published = await patience.RunAsync(token => registry.PublishAsync(name, revision, token), cancellationToken);
        return new TrainedRevision(published.Name, await PromoteAsync(job, published.Name, stillHeld, cancellationToken));
    }

    private async Task<(Matrix Base, double LogitScale)> BaseAsync(TaskRecord task, SupportSet support, CancellationToken cancellationToken)
    {
        if (task.BaseKind == BaseKind.Prompts)
        {
            var zeroShot = await patience.RunAsync(token => registry.ReadRevisionAsync(task.Name.Revision(task.ZeroShotRevision!), token), cancellationToken);
            return (zeroShot.Base, zeroShot.LogitScale);
        }

        var model = await patience.RunAsync(token => embedder.GetModelAsync(token).AsTask(), cancellationToken);
        EncoderMatch.Require(task, model);
        return (BaseClassifier.FromClassMeans(support.Views[0], support.Labels, support.Classes), model.LogitScale);
    }

    // On a thread of its own: it computes for seconds.
    private static Task<TrainingResult> FitAsync(
        Matrix classifier, SupportSet support, double logitScale, TrainingSettings settings, IProgress<EpochProgress> progress, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => TaskResidualTrainer.Fit(classifier, support, logitScale, settings, null, progress, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private static Revision Build(
        TaskRecord task, IReadOnlyList<ExampleRecord> examples, Matrix classifier, double logitScale, TrainingSettings settings, TrainingResult result) => new()
        {
            ClassNames = task.ClassNames,
            Templates = task.Templates,
            BaseKind = task.BaseKind == BaseKind.Prompts ? Core.Learning.BaseKind.Prompts : Core.Learning.BaseKind.ClassMean,
            Base = classifier,
            Residual = result.Residual,
            Alpha = settings.Alpha,
            LogitScale = logitScale,
            EncoderFingerprint = task.EncoderFingerprint,
            Settings = settings,
            Method = settings.Method,
            ExampleDigests = [.. examples.Select(example => $"{example.Digest}")],
            Measured = new Measurements(result.SupportAccuracy, result.BaseSupportAccuracy, result.FinalLoss),
        };

    private async Task<bool> PromoteAsync(JobRecord job, RevisionName revision, Func<CancellationToken, Task<bool>> stillHeld, CancellationToken cancellationToken)
    {
        if (job.Promotion != PromotionPolicy.OnSuccess || !await patience.RunAsync(stillHeld, cancellationToken)) return false;
        return await patience.RunAsync(async token =>
        {
            await registry.PromoteAsync(revision, expected: null, token);
            return true;
        }, cancellationToken);
    }
}
