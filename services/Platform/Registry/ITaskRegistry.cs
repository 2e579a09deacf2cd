using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>
/// The durable memory of tasks, examples and revisions. What a call has acknowledged survives a crash of this process.
/// Every method throws RegistryUnavailable where the store does not answer, and RevisionCorrupt where a stored value
/// fails its checksum; the other reasons are named on the methods.
/// </summary>
public interface ITaskRegistry
{
    /// <summary>Stores the task; a live revision is set by <see cref="PromoteAsync"/>.</summary>
    /// <exception cref="Core.TaskResException">TaskAlreadyExists; QuotaExceeded.</exception>
    Task CreateTaskAsync(TaskRecord task, CancellationToken cancellationToken);

    /// <exception cref="Core.TaskResException">TaskNotFound.</exception>
    Task<TaskRecord> GetTaskAsync(TaskName name, CancellationToken cancellationToken);

    /// <summary>By name, after the token.</summary>
    Task<Page<TaskRecord>> ListTasksAsync(TenantName tenant, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Deletes the task with everything below it; with an etag, only while it is the task's.</summary>
    /// <exception cref="Core.TaskResException">TaskNotFound; Conflict.</exception>
    Task DeleteTaskAsync(TaskName name, string? etag, CancellationToken cancellationToken);

    /// <summary>Stores examples under their digests; one outcome each, in order.</summary>
    /// <exception cref="Core.TaskResException">TaskNotFound; LimitExceeded.</exception>
    Task<IReadOnlyList<ExampleOutcome>> PutExamplesAsync(TaskName task, IReadOnlyList<ExampleRecord> examples, CancellationToken cancellationToken);

    /// <summary>All examples in the order of their digests, so that a seed means the same on every worker.</summary>
    /// <exception cref="Core.TaskResException">TaskNotFound.</exception>
    Task<IReadOnlyList<ExampleRecord>> ReadExamplesAsync(TaskName task, CancellationToken cancellationToken);

    /// <summary>Examples by class index.</summary>
    /// <exception cref="Core.TaskResException">TaskNotFound.</exception>
    Task<IReadOnlyList<int>> CountExamplesAsync(TaskName task, CancellationToken cancellationToken);

    /// <summary>Acknowledged after write, read-back and digest check. The same content again is the same revision. The oldest beyond the tenant's quota go, see <see cref="RevisionRetention"/>.</summary>
    /// <exception cref="Core.TaskResException">TaskNotFound.</exception>
    Task<RevisionRecord> PublishAsync(TaskName task, Revision revision, CancellationToken cancellationToken);

    /// <summary>The whole revision, its bytes checked against its name.</summary>
    /// <exception cref="Core.TaskResException">TaskNotFound; RevisionNotFound.</exception>
    Task<Revision> ReadRevisionAsync(RevisionName name, CancellationToken cancellationToken);

    /// <exception cref="Core.TaskResException">TaskNotFound; RevisionNotFound.</exception>
    Task<RevisionRecord> GetRevisionAsync(RevisionName name, CancellationToken cancellationToken);

    /// <summary>Newest first, after the token.</summary>
    /// <exception cref="Core.TaskResException">TaskNotFound.</exception>
    Task<Page<RevisionRecord>> ListRevisionsAsync(TaskName task, PageRequest page, CancellationToken cancellationToken);

    /// <exception cref="Core.TaskResException">TaskNotFound.</exception>
    Task<Serving> GetServingAsync(TaskName task, CancellationToken cancellationToken);

    /// <summary>Makes a revision live, ends the rollout, and tells <see cref="SubscribeLive"/>.</summary>
    /// <exception cref="Core.TaskResException">TaskNotFound; RevisionNotFound; Conflict.</exception>
    Task PromoteAsync(RevisionName name, ServingExpectation? expected, CancellationToken cancellationToken);

    /// <summary>Makes the revision live again that was live before, ends the rollout, and answers the revision.</summary>
    /// <param name="requestId">The same one again goes back no further, and answers what it answered before. Null: each call is its own.</param>
    /// <exception cref="Core.TaskResException">TaskNotFound; RevisionNotFound where there was none before; Conflict.</exception>
    Task<RevisionName> RollbackAsync(TaskName task, ServingExpectation? expected, Guid? requestId, CancellationToken cancellationToken);

    /// <summary>Puts revisions on trial beside the live one, or with null ends that.</summary>
    /// <exception cref="Core.TaskResException">TaskNotFound; RevisionNotFound; NoLiveRevision; InvalidField where one is live already; Conflict.</exception>
    Task SetRolloutAsync(TaskName task, Rollout? rollout, ServingExpectation? expected, CancellationToken cancellationToken);

    /// <summary>
    /// Calls back when what a task serves changed or the task went (null: an event may have been missed, all tasks may have changed).
    /// Events are hints, delivered at most once: a reader also checks again by itself now and then.
    /// </summary>
    IDisposable SubscribeLive(Action<TaskName?> changed);
}
