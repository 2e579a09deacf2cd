using System.Collections.Concurrent;
using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;

namespace TaskRes.Classifier.Heads;

/// <summary>
/// Heads by task: from memory, else from the registry, each loaded once however many wait for it. A task is looked up with
/// its tenant, so that another tenant's task is as unknown as one that does not exist.
/// </summary>
internal sealed class HeadCache(ITaskRegistry registry, ResidentHeads resident, IHostApplicationLifetime lifetime)
{
    private readonly ConcurrentDictionary<TaskName, Lazy<Task<ResidentHead>>> _loads = new();

    /// <summary>The tasks whose heads are in memory.</summary>
    public IReadOnlyList<TaskName> ResidentTasks => resident.Tasks;

    /// <exception cref="TaskResException">TaskNotFound; NoLiveRevision; RevisionCorrupt; RegistryUnavailable.</exception>
    public ValueTask<ResidentHead> GetAsync(TaskName task, CancellationToken cancellationToken) =>
        resident.TryUse(task, out var head) ? new(head) : new(LoadOnce(task).WaitAsync(cancellationToken));

    /// <summary>
    /// Brings the head in memory up to the live revision and forgets it where there is none; does nothing for a task that is
    /// not in memory. Called by one caller at a time for a task, so that an older answer never overwrites a newer.
    /// </summary>
    /// <exception cref="TaskResException">RegistryUnavailable; RevisionCorrupt. The head in memory stays.</exception>
    public async Task RefreshAsync(TaskName task, CancellationToken cancellationToken)
    {
        // A load under way may have looked before the change.
        if (_loads.TryGetValue(task, out var load)) await ((Task)load.Value).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (resident.Peek(task) is not { } present) return;
        try
        {
            var live = await registry.GetLiveAsync(task, cancellationToken);
            if (live is null) resident.Remove(task);
            else if (live != present.Name) resident.Set(await ReadAsync(live.Value, cancellationToken));
        }
        catch (TaskResException exception) when (exception.Reason is ErrorReason.TaskNotFound or ErrorReason.RevisionNotFound)
        {
            resident.Remove(task);
        }
    }

    private Task<ResidentHead> LoadOnce(TaskName task) => _loads.GetOrAdd(task, name => new Lazy<Task<ResidentHead>>(() => LoadAsync(name))).Value;

    // For all who wait, so under no single caller's token.
    private async Task<ResidentHead> LoadAsync(TaskName task)
    {
        try
        {
            var live = await registry.GetLiveAsync(task, lifetime.ApplicationStopping)
                ?? throw new TaskResException(ErrorReason.NoLiveRevision, $"{task} has nothing to serve yet: train it and promote a revision.")
                {
                    Metadata = new Dictionary<string, string> { ["task"] = $"{task}" },
                };
            var head = await ReadAsync(live, lifetime.ApplicationStopping);
            resident.Set(head);
            return head;
        }
        finally
        {
            _loads.TryRemove(task, out _);
        }
    }

    private async Task<ResidentHead> ReadAsync(RevisionName name, CancellationToken cancellationToken)
    {
        var revision = await registry.ReadRevisionAsync(name, cancellationToken);
        return new ResidentHead(name, new Head(revision), revision.EncoderFingerprint);
    }
}
