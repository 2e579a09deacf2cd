using TaskRes.Core.Learning;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>The registry on Redis or a server of its protocol, put together from its parts.</summary>
internal sealed class RedisTaskRegistry : ITaskRegistry
{
    private readonly RegistryRedis _redis;
    private readonly TimeProvider _time;
    private readonly TaskStore _tasks;
    private readonly TaskDeletion _deletion;
    private readonly ExampleStore _examples;
    private readonly RevisionStore _revisions;
    private readonly ServingStore _serving;
    private readonly RevisionRetention _retention;

    public RedisTaskRegistry(RegistryRedis redis, QuotaBook quotas, TimeProvider time)
    {
        (_redis, _time) = (redis, time);
        _tasks = new TaskStore(redis, quotas);
        _examples = new ExampleStore(redis, _tasks, quotas);
        _revisions = new RevisionStore(redis, _tasks, time);
        _serving = new ServingStore(redis, _tasks);
        _deletion = new TaskDeletion(redis, _serving);
        _retention = new RevisionRetention(redis, quotas);
    }

    public Task CreateTaskAsync(TaskRecord task, CancellationToken cancellationToken) => _tasks.CreateAsync(task, cancellationToken);

    public Task<TaskRecord> GetTaskAsync(TaskName name, CancellationToken cancellationToken) => _tasks.GetAsync(name, cancellationToken);

    public Task<Page<TaskRecord>> ListTasksAsync(TenantName tenant, PageRequest page, CancellationToken cancellationToken) => _tasks.ListAsync(tenant, page, cancellationToken);

    public Task DeleteTaskAsync(TaskName name, string? etag, CancellationToken cancellationToken) => _deletion.DeleteAsync(name, etag, cancellationToken);

    public Task<IReadOnlyList<ExampleOutcome>> PutExamplesAsync(TaskName task, IReadOnlyList<ExampleRecord> examples, CancellationToken cancellationToken) =>
        _examples.PutAsync(task, examples, cancellationToken);

    public Task<IReadOnlyList<ExampleRecord>> ReadExamplesAsync(TaskName task, CancellationToken cancellationToken) => _examples.ReadAsync(task, cancellationToken);

    public Task<IReadOnlyList<int>> CountExamplesAsync(TaskName task, CancellationToken cancellationToken) => _examples.CountAsync(task, cancellationToken);

    public async Task<RevisionRecord> PublishAsync(TaskName task, Revision revision, CancellationToken cancellationToken)
    {
        var published = await _revisions.PublishAsync(task, revision, cancellationToken);
        await _retention.ApplyAsync(published.Name, cancellationToken);
        return published;
    }

    public Task<Revision> ReadRevisionAsync(RevisionName name, CancellationToken cancellationToken) => _revisions.ReadAsync(name, cancellationToken);

    public Task<RevisionRecord> GetRevisionAsync(RevisionName name, CancellationToken cancellationToken) => _revisions.GetAsync(name, cancellationToken);

    public Task<Page<RevisionRecord>> ListRevisionsAsync(TaskName task, PageRequest page, CancellationToken cancellationToken) => _revisions.ListAsync(task, page, cancellationToken);

    public Task<Serving> GetServingAsync(TaskName task, CancellationToken cancellationToken) => _serving.GetAsync(task, cancellationToken);

    public Task PromoteAsync(RevisionName name, ServingExpectation? expected, CancellationToken cancellationToken) => _serving.PromoteAsync(name, expected, cancellationToken);

    public Task<RevisionName> RollbackAsync(TaskName task, ServingExpectation? expected, Guid? requestId, CancellationToken cancellationToken) => _serving.RollbackAsync(task, expected, requestId, cancellationToken);

    public Task SetRolloutAsync(TaskName task, Rollout? rollout, ServingExpectation? expected, CancellationToken cancellationToken) =>
        _serving.SetRolloutAsync(task, rollout, expected, cancellationToken);

    public IDisposable SubscribeLive(Action<TaskName?> changed) => new LiveSubscription(_redis, changed, _time);
}
