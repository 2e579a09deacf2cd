using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>The records of tasks and the listing of a tenant's.</summary>
internal sealed class TaskStore(RegistryRedis redis)
{
    public async Task CreateAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        var (created, absent) = await redis.RunAsync("create task", async database =>
        {
            var transaction = database.CreateTransaction();
            var notThere = transaction.AddCondition(Condition.KeyNotExists(RedisKeys.Task(task.Name)));
            transaction.AddCondition(Condition.KeyNotExists(RedisKeys.TaskDeleting(task.Name)));
            _ = transaction.StringSetAsync(RedisKeys.Task(task.Name), TaskRecords.Seal(task));
            _ = transaction.SortedSetAddAsync(RedisKeys.Tasks(task.Name.Tenant), task.Name.Task, 0);
            return (await transaction.ExecuteAsync(), notThere.WasSatisfied);
        }, cancellationToken);

        if (created) return;
        if (!absent) throw RegistryErrors.Of(ErrorReason.TaskAlreadyExists, $"{task.Name} exists already: choose another id.", "task", $"{task.Name}");
        throw RegistryErrors.Conflict(task.Name, $"{task.Name} is being made or deleted by another call: finish the deletion, then retry.");
    }

    public async Task<TaskRecord> GetAsync(TaskName name, CancellationToken cancellationToken) =>
        TaskRecords.Open(await ReadAsync(name, cancellationToken), name);

    /// <summary>The record as stored: a write that takes it as its condition is sure that the task is still the same.</summary>
    /// <exception cref="TaskResException">TaskNotFound.</exception>
    public async Task<RedisValue> ReadAsync(TaskName name, CancellationToken cancellationToken)
    {
        var value = await redis.RunAsync("get task", database => database.StringGetAsync(RedisKeys.Task(name)), cancellationToken);
        return value.IsNull ? throw RegistryErrors.TaskNotFound(name) : value;
    }

    public async Task RequireAsync(TaskName name, CancellationToken cancellationToken)
    {
        if (!await redis.RunAsync("find task", database => database.KeyExistsAsync(RedisKeys.Task(name)), cancellationToken))
            throw RegistryErrors.TaskNotFound(name);
    }

    public async Task<Page<TaskRecord>> ListAsync(TenantName tenant, PageRequest page, CancellationToken cancellationToken)
    {
        var listing = $"{tenant}/tasks";
        RedisValue after = PageTokens.Decode(page, listing) ?? RedisValue.Null;
        if (!after.IsNull && !ResourceSegments.IsIdentifier(after!)) throw PageTokens.Invalid();

        var ids = await redis.RunAsync("list tasks", database =>
            database.SortedSetRangeByValueAsync(RedisKeys.Tasks(tenant), min: after, exclude: Exclude.Start, take: page.Size + 1), cancellationToken);
        var names = Array.ConvertAll(ids[..Math.Min(ids.Length, page.Size)], id => tenant.Task(id!));
        var values = await redis.RunAsync("get tasks", database =>
            database.StringGetAsync(Array.ConvertAll(names, RedisKeys.Task)), cancellationToken);

        // A task may go between the two reads.
        var tasks = names.Zip(values).Where(task => !task.Second.IsNull).Select(task => TaskRecords.Open(task.Second, task.First)).ToList();
        return new Page<TaskRecord>(tasks, ids.Length > page.Size ? PageTokens.Encode(listing, names[^1].Task) : null);
    }
}
