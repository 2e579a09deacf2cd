using Google.Protobuf.WellKnownTypes;
using TaskRes.Core;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;

namespace TaskRes.Trainer.Tasks;

/// <summary>Tasks as callers see them: the record with what is live and how many examples there are.</summary>
internal sealed class TaskViews(ITaskRegistry registry)
{
    public async Task<V1.Task> OfAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        var counts = await registry.CountExamplesAsync(task.Name, cancellationToken);
        return await OfAsync(task, counts, withClassNames: true, cancellationToken);
    }

    public async Task<V1.Task> OfAsync(TaskRecord task, IReadOnlyList<int> counts, bool withClassNames, CancellationToken cancellationToken)
    {
        var serving = await registry.GetServingAsync(task.Name, cancellationToken);
        var view = new V1.Task
        {
            Name = $"{task.Name}",
            Templates = { task.Templates },
            BaseKind = (V1.BaseKind)task.BaseKind,
            EncoderFingerprint = task.EncoderFingerprint,
            LiveRevision = $"{serving.Live}",
            ExampleCount = counts.Sum(),
            CreateTime = Timestamp.FromDateTimeOffset(task.CreateTime),
            Rollout = WireRollout.From(serving.Rollout),
            Etag = serving.EtagOf(task),
        };
        if (withClassNames) view.ClassNames.Add(task.ClassNames);
        return view;
    }

    /// <summary>Whether the task is there and as it was when the etag was read.</summary>
    public async Task<bool> HasEtagAsync(TaskName name, string etag, CancellationToken cancellationToken)
    {
        try
        {
            var task = await registry.GetTaskAsync(name, cancellationToken);
            return (await registry.GetServingAsync(name, cancellationToken)).EtagOf(task) == etag;
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.TaskNotFound)
        {
            return false;
        }
    }

    /// <summary>As lists show it: without class names; null where the task went meanwhile.</summary>
    public async Task<V1.Task?> InListAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        try
        {
            return await OfAsync(task, await registry.CountExamplesAsync(task.Name, cancellationToken), withClassNames: false, cancellationToken);
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.TaskNotFound)
        {
            return null;
        }
    }
}
