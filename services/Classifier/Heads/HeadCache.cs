using System.Collections.Concurrent;
using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;

namespace TaskRes.Classifier.Heads;

/// <summary>
/// What tasks serve: from memory, else from the registry, each loaded once however many wait for it. A task is looked up with
/// its tenant, so that another tenant's task is as unknown as one that does not exist.
/// </summary>
internal sealed partial class HeadCache(ITaskRegistry registry, ResidentTasks resident, IHostApplicationLifetime lifetime, ILogger<HeadCache> logger)
{
    private readonly ConcurrentDictionary<TaskName, Lazy<Task<ServedTask>>> _loads = new();

    /// <summary>The tasks whose heads are in memory.</summary>
    public IReadOnlyList<TaskName> ResidentTasks => resident.Names;

    /// <exception cref="TaskResException">TaskNotFound; NoLiveRevision; RevisionCorrupt; RegistryUnavailable.</exception>
    public ValueTask<ServedTask> GetAsync(TaskName task, CancellationToken cancellationToken) =>
        resident.TryUse(task, out var served) ? new(served) : new(LoadOnce(task).WaitAsync(cancellationToken));

    /// <summary>
    /// Brings a task in memory up to what the registry says and forgets it where it serves nothing; does nothing for a task
    /// that is not in memory. Called by one caller at a time for a task, so that an older answer never overwrites a newer.
    /// </summary>
    /// <exception cref="TaskResException">RegistryUnavailable; RevisionCorrupt. What is in memory stays.</exception>
    public async Task RefreshAsync(TaskName task, CancellationToken cancellationToken)
    {
        // A load under way may have looked before the change.
        if (_loads.TryGetValue(task, out var load)) await ((Task)load.Value).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (resident.Peek(task) is not { } present) return;
        try
        {
            var serving = await registry.GetServingAsync(task, cancellationToken);
            if (serving.Live is not { } live) resident.Remove(task);
            else if (serving != present.Serving) resident.Set(await ReadAsync(live, serving.Rollout, present, cancellationToken));
        }
        catch (TaskResException exception) when (exception.Reason is ErrorReason.TaskNotFound or ErrorReason.RevisionNotFound)
        {
            resident.Remove(task);
        }
    }

    private Task<ServedTask> LoadOnce(TaskName task) => _loads.GetOrAdd(task, name => new Lazy<Task<ServedTask>>(() => LoadAsync(name))).Value;

    // For all who wait, so under no single caller's token.
    private async Task<ServedTask> LoadAsync(TaskName task)
    {
        try
        {
            var serving = await registry.GetServingAsync(task, lifetime.ApplicationStopping);
            var live = serving.Live ?? throw new TaskResException(ErrorReason.NoLiveRevision, $"{task} has nothing to serve yet: train it and promote a revision.")
            {
                Metadata = new Dictionary<string, string> { ["task"] = $"{task}" },
            };
            var served = await ReadAsync(live, serving.Rollout, known: null, lifetime.ApplicationStopping);
            resident.Set(served);
            return served;
        }
        finally
        {
            _loads.TryRemove(task, out _);
        }
    }

    private async Task<ServedTask> ReadAsync(RevisionName live, Rollout? rollout, ServedTask? known, CancellationToken cancellationToken)
    {
        var served = new ServedTask(await ReadAsync(live, known, cancellationToken));
        if (rollout is null) return served;
        try
        {
            return served with
            {
                Canary = rollout.Canary is { } canary ? await ReadAsync(canary, known, cancellationToken) : null,
                CanaryPercent = rollout.CanaryPercent,
                Shadow = rollout.Shadow is { } shadow ? await ReadAsync(shadow, known, cancellationToken) : null,
            };
        }
        catch (TaskResException exception) when (exception.Reason is ErrorReason.RevisionCorrupt or ErrorReason.RevisionNotFound)
        {
            // What is on trial must not take down what is live. The next round tries again.
            Log.RolloutNotServed(logger, live.Task, exception.Message);
            return served;
        }
    }

    private async Task<ResidentHead> ReadAsync(RevisionName name, ServedTask? known, CancellationToken cancellationToken)
    {
        if (known?.Heads.FirstOrDefault(head => head.Name == name) is { } present) return present;
        var revision = await registry.ReadRevisionAsync(name, cancellationToken);
        return new ResidentHead(name, new Head(revision), revision.EncoderFingerprint);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "RolloutNotServed", Level = LogLevel.Warning, Message = "The live revision answers alone for {Task}: {Reason}")]
        public static partial void RolloutNotServed(ILogger logger, TaskName task, string reason);
    }
}
