using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>The records of tasks and the listing of a tenant's.</summary>
internal sealed class TaskStore(RegistryRedis redis, QuotaBook quotas)
{
    // One step, so that callers at the same time do not pass the quota together.
    private const string Create = """
        if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
        if redis.call('EXISTS', KEYS[2]) == 1 then return 2 end
        if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[3]) then return 3 end
        redis.call('SET', KEYS[1], ARGV[1])
        redis.call('ZADD', KEYS[3], 0, ARGV[2])
        return 0
        """;

    public async Task CreateAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        var (name, tenant) = (task.Name, task.Name.Tenant);
        var limit = (await quotas.OfAsync(tenant, cancellationToken)).Tasks;
        var hindrance = await redis.RunAsync("create task", async database => (int)await database.ScriptEvaluateAsync(
            Create, [RedisKeys.Task(name), RedisKeys.TaskDeleting(name), RedisKeys.Tasks(tenant)], [TaskRecords.Seal(task), name.Task, limit]), cancellationToken);
        if (hindrance == 0) return;
        throw hindrance switch
        {
            1 => RegistryErrors.Of(ErrorReason.TaskAlreadyExists, $"{name} exists already: choose another id.", "task", $"{name}"),
            2 => RegistryErrors.Conflict(name, $"{name} is being deleted by another call: finish the deletion, then retry."),
            _ => QuotaErrors.Exceeded(tenant, "tasks", limit, "tasks", "delete some, or ask the operator for more.", retryAfter: null),
        };
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
