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
    private readonly LiveStore _live;
    private readonly RevisionRetention _retention;

    public RedisTaskRegistry(RegistryRedis redis, QuotaBook quotas, TimeProvider time)
    {
        (_redis, _time) = (redis, time);
        _tasks = new TaskStore(redis, quotas);
        _deletion = new TaskDeletion(redis);
        _examples = new ExampleStore(redis, _tasks, quotas);
        _revisions = new RevisionStore(redis, _tasks, time);
        _live = new LiveStore(redis, _tasks);
        _retention = new RevisionRetention(redis, quotas);
    }

    public Task CreateTaskAsync(TaskRecord task, CancellationToken cancellationToken) => _tasks.CreateAsync(task, cancellationToken);

    public Task<TaskRecord> GetTaskAsync(TaskName name, CancellationToken cancellationToken) => _tasks.GetAsync(name, cancellationToken);

    public Task<Page<TaskRecord>> ListTasksAsync(TenantName tenant, PageRequest page, CancellationToken cancellationToken) => _tasks.ListAsync(tenant, page, cancellationToken);

    public Task DeleteTaskAsync(TaskName name, CancellationToken cancellationToken) => _deletion.DeleteAsync(name, cancellationToken);

    public Task DiscardTaskAsync(TaskRecord task, CancellationToken cancellationToken) => _deletion.DiscardAsync(task, cancellationToken);

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

    public Task<RevisionName?> GetLiveAsync(TaskName task, CancellationToken cancellationToken) => _live.GetAsync(task, cancellationToken);

    public Task PromoteAsync(RevisionName name, RevisionName? expected, CancellationToken cancellationToken) => _live.PromoteAsync(name, expected, cancellationToken);

    public Task PromoteFirstAsync(RevisionName name, CancellationToken cancellationToken) => _live.PromoteFirstAsync(name, cancellationToken);

    public Task<RevisionName> RollbackAsync(TaskName task, RevisionName? expected, CancellationToken cancellationToken) => _live.RollbackAsync(task, expected, cancellationToken);

    public IDisposable SubscribeLive(Action<TaskName?> changed) => new LiveSubscription(_redis, changed, _time);
}
