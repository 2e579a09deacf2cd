using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Jobs;
using BaseKind = TaskRes.Core.Learning.BaseKind;

namespace TaskRes.Trainer.Tasks;

/// <summary>
/// Makes a task; with a base of prompts its zero-shot classifier is live when the call returns. A crash may leave a task of
/// which nothing is live: the same call again makes it whole.
/// </summary>
internal sealed partial class TaskCreation(
    ITaskRegistry registry, IEmbedder embedder, QuotaBook quotas, Patience patience, IOptions<RequestLimits> limits, TimeProvider time, ILogger<TaskCreation> logger)
{
    /// <exception cref="TaskResException">
    /// InvalidField, LimitExceeded, QuotaExceeded, TaskAlreadyExists, EncoderUnavailable, RegistryUnavailable. Whatever fails, nothing of the task remains that serves nothing.
    /// </exception>
    public async Task<TaskRecord> CreateAsync(TaskSpec spec, CancellationToken cancellationToken)
    {
        var limit = (await quotas.OfAsync(spec.Name.Tenant, cancellationToken)).ClassesPerTask;
        if (spec.ClassNames.Count > limit) throw TaskResException.OverLimit("task.class_names", spec.ClassNames.Count, limit, "classes");
        var model = await embedder.GetModelAsync(cancellationToken);
        var zeroShot = spec.BaseKind == BaseKind.Prompts ? await ZeroShotAsync(spec, model, cancellationToken) : null;
        var task = new TaskRecord
        {
            Name = spec.Name,
            ClassNames = spec.ClassNames,
            Templates = spec.Templates,
            BaseKind = spec.BaseKind,
            EncoderFingerprint = model.Fingerprint,
            ZeroShotRevision = zeroShot?.Id,
            CreateTime = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
        };
        if (await MakeAsync(task, cancellationToken) is { } unfinished)
        {
            await ServeAsync(unfinished, zeroShot!, cancellationToken);
            return unfinished;
        }

        if (zeroShot is not null) await ServeOrUndoAsync(task, zeroShot, cancellationToken);
        return task;
    }

    // Null where it was made; else the same one as another call has left it. The zero-shot revision's name is the hash of classes, templates and encoder.
    private async Task<TaskRecord?> MakeAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        try
        {
            await registry.CreateTaskAsync(task, cancellationToken);
            return null;
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.TaskAlreadyExists && task.ZeroShotRevision is not null)
        {
            var found = await registry.GetTaskAsync(task.Name, cancellationToken);
            if (found.ZeroShotRevision != task.ZeroShotRevision || (await registry.GetServingAsync(task.Name, cancellationToken)).Live is not null) throw;
            return found;
        }
    }

    private async Task<Revision> ZeroShotAsync(TaskSpec spec, EncoderModel model, CancellationToken cancellationToken)
    {
        var classifier = new List<float[]>(spec.ClassNames.Count);
        foreach (var names in spec.ClassNames.Chunk(Math.Max(1, limits.Value.MaxBatchItems / spec.Templates.Count)))
        {
            EmbeddingInput[] prompts = [.. names.SelectMany(name => spec.Templates.Select(template => new TextInput(PromptTemplates.Render(template, name))))];
            var batch = await patience.RunAsync(token => embedder.EmbedAsync(EmbeddingCaller.Interactive(spec.Name.Tenant), prompts, token), cancellationToken);
            var means = BaseClassifier.FromPrompts([.. batch.Results.Select(result => result.Values).Chunk(spec.Templates.Count)]);
            for (var row = 0; row < means.Rows; row++) classifier.Add(means.Row(row).ToArray());
        }

        return Revision.ZeroShot(spec.ClassNames, spec.Templates, Matrix.FromRows(classifier, "text_embeddings"), model.LogitScale, model.Fingerprint);
    }

    private async Task ServeAsync(TaskRecord task, Revision zeroShot, CancellationToken cancellationToken)
    {
        var revision = await registry.PublishAsync(task.Name, zeroShot, cancellationToken);
        try
        {
            await registry.PromoteAsync(revision.Name, new ServingExpectation(Etag: NothingLive(task)), cancellationToken);
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.Conflict)
        {
            // Another call has made it whole meanwhile; what it serves by now stays.
        }
    }

    private async Task ServeOrUndoAsync(TaskRecord task, Revision zeroShot, CancellationToken cancellationToken)
    {
        try
        {
            await ServeAsync(task, zeroShot, cancellationToken);
        }
        catch
        {
            await UndoAsync(task);
            throw;
        }
    }

    // Also where the caller went away: a task that serves nothing must not stay behind, unless another call has made it whole.
    private async Task UndoAsync(TaskRecord task)
    {
        try
        {
            await patience.RunAsync(async token =>
            {
                await registry.DeleteTaskAsync(task.Name, NothingLive(task), token);
                return true;
            }, CancellationToken.None);
        }
        catch (TaskResException exception) when (exception.Reason is ErrorReason.Conflict or ErrorReason.TaskNotFound)
        {
            // It is no longer this call's to take back.
        }
        catch (TaskResException exception)
        {
            Log.NotUndone(logger, task.Name, exception.Message);
        }
    }

    private static string NothingLive(TaskRecord task) => new Serving(null, null).EtagOf(task);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "TaskNotUndone", Level = LogLevel.Error, Message = "{Task} was made in part and could not be taken back: {Reason}")]
        public static partial void NotUndone(ILogger logger, TaskName task, string reason);
    }
}
