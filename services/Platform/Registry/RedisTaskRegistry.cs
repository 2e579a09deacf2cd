using Microsoft.Extensions.Options;
using TaskRes.Core.Learning;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>The registry on Redis or a server of its protocol, put together from its parts.</summary>
internal sealed class RedisTaskRegistry : ITaskRegistry
{
    private readonly RegistryRedis redis;
    private readonly TimeProvider time;
    private readonly TaskStore tasks;
    private readonly TaskDeletion deletion;
    private readonly ExampleStore examples;
    private readonly RevisionStore revisions;
    private readonly LiveStore live;

    public RedisTaskRegistry(RegistryRedis redis, IOptions<RequestLimits> limits, TimeProvider time)
    {
        (this.redis, this.time) = (redis, time);
        tasks = new TaskStore(redis);
        deletion = new TaskDeletion(redis);
        examples = new ExampleStore(redis, tasks, limits);
        revisions = new RevisionStore(redis, tasks, time);
        live = new LiveStore(redis, tasks);
    }

    public Task CreateTaskAsync(TaskRecord task, CancellationToken cancellationToken) => tasks.CreateAsync(task, cancellationToken);

    public Task<TaskRecord> GetTaskAsync(TaskName name, CancellationToken cancellationToken) => tasks.GetAsync(name, cancellationToken);

    public Task<Page<TaskRecord>> ListTasksAsync(TenantName tenant, PageRequest page, CancellationToken cancellationToken) => tasks.ListAsync(tenant, page, cancellationToken);

    public Task DeleteTaskAsync(TaskName name, CancellationToken cancellationToken) => deletion.DeleteAsync(name, cancellationToken);

    public Task<IReadOnlyList<ExampleOutcome>> PutExamplesAsync(TaskName task, IReadOnlyList<ExampleRecord> examples, CancellationToken cancellationToken) =>
        this.examples.PutAsync(task, examples, cancellationToken);

    public Task<IReadOnlyList<ExampleRecord>> ReadExamplesAsync(TaskName task, CancellationToken cancellationToken) => examples.ReadAsync(task, cancellationToken);

    public Task<IReadOnlyList<int>> CountExamplesAsync(TaskName task, CancellationToken cancellationToken) => examples.CountAsync(task, cancellationToken);

    public Task<RevisionRecord> PublishAsync(TaskName task, Revision revision, CancellationToken cancellationToken) => revisions.PublishAsync(task, revision, cancellationToken);

    public Task<Revision> ReadRevisionAsync(RevisionName name, CancellationToken cancellationToken) => revisions.ReadAsync(name, cancellationToken);

    public Task<RevisionRecord> GetRevisionAsync(RevisionName name, CancellationToken cancellationToken) => revisions.GetAsync(name, cancellationToken);

    public Task<Page<RevisionRecord>> ListRevisionsAsync(TaskName task, PageRequest page, CancellationToken cancellationToken) => revisions.ListAsync(task, page, cancellationToken);

    public Task<RevisionName?> GetLiveAsync(TaskName task, CancellationToken cancellationToken) => live.GetAsync(task, cancellationToken);

    public Task PromoteAsync(RevisionName name, RevisionName? expected, CancellationToken cancellationToken) => live.PromoteAsync(name, expected, cancellationToken);

    public Task<RevisionName> RollbackAsync(TaskName task, RevisionName? expected, CancellationToken cancellationToken) => live.RollbackAsync(task, expected, cancellationToken);

    public IDisposable SubscribeLive(Action<TaskName?> changed) => new LiveSubscription(redis, changed, time);
}
