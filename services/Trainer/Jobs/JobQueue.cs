using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Trainer.Jobs;

/// <summary>Jobs of the whole fleet.</summary>
internal readonly record struct JobCounts(long Waiting, long TakenUp);

/// <summary>
/// The names of waiting jobs in one list and of those taken up in another. A job leaves the second only when it has ended
/// or goes back to the first, so none is lost with its worker. It may stand in a list twice; its lease lets one worker
/// have it. The moves do not block: all calls of a process share one connection.
/// </summary>
internal sealed class JobQueue(RegistryRedis redis, JobLeases leases, QuotaBook quotas, IOptions<TrainerOptions> options)
{
    // Counts and pushes as one step, so that callers at the same time do not pass the limits together.
    private const string Push = """
        if redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
        local count = 0
        for _, list in ipairs(KEYS) do
            for _, name in ipairs(redis.call('LRANGE', list, 0, -1)) do
                if string.sub(name, 1, string.len(ARGV[2])) == ARGV[2] then count = count + 1 end
            end
        end
        if count >= tonumber(ARGV[4]) then return -1 end
        redis.call('LPUSH', KEYS[1], ARGV[1])
        return 1
        """;

    // Of several that put the same job back, one finds it. The end that is taken from: it has waited before.
    private const string PutBack = """
        if redis.call('LREM', KEYS[1], 0, ARGV[1]) == 0 then return 0 end
        redis.call('RPUSH', KEYS[2], ARGV[1])
        return 1
        """;

    private static readonly TimeSpan FullRetry = TimeSpan.FromSeconds(5);

    /// <exception cref="TaskResException">QueueFull; QuotaExceeded.</exception>
    public async Task EnqueueAsync(JobName job, CancellationToken cancellationToken)
    {
        var tenant = job.Task.Tenant;
        var limit = (await quotas.OfAsync(tenant, cancellationToken)).TrainingJobs;
        var outcome = await redis.RunAsync("queue job", async database =>
        {
            var pushed = (int)await database.ScriptEvaluateAsync(
                Push, [RedisKeys.JobQueue, RedisKeys.JobsLeased], [$"{job}", $"{tenant}/", options.Value.MaxQueuedJobs, limit]);
            if (pushed == 1) await WakeAsync(database);
            return pushed;
        }, cancellationToken);
        if (outcome == 1) return;
        throw outcome == 0
            ? Full(options.Value.MaxQueuedJobs)
            : QuotaErrors.Exceeded(tenant, "training_jobs", limit, "training jobs that wait or run", "wait until some have ended, and retry.", FullRetry);
    }

    /// <summary>Takes up the job that has waited the longest; null where none waits, or another worker has that one already.</summary>
    public async Task<JobLease?> TakeAsync(CancellationToken cancellationToken)
    {
        var name = await redis.RunAsync("take job", database =>
            database.ListMoveAsync(RedisKeys.JobQueue, RedisKeys.JobsLeased, ListSide.Right, ListSide.Left), cancellationToken);
        return name.IsNull ? null : await leases.AcquireAsync(Parse(name), cancellationToken);
    }

    /// <summary>Forgets a job that has ended or is gone.</summary>
    public Task RemoveAsync(JobName job, CancellationToken cancellationToken) => redis.RunAsync("remove job", async database =>
    {
        await database.ListRemoveAsync(RedisKeys.JobQueue, $"{job}");
        return await database.ListRemoveAsync(RedisKeys.JobsLeased, $"{job}");
    }, cancellationToken);

    /// <summary>Puts a job that was taken up back to be taken next; false where somebody did before.</summary>
    public Task<bool> PutBackAsync(JobName job, CancellationToken cancellationToken) => redis.RunAsync("put job back", async database =>
    {
        var moved = (bool)await database.ScriptEvaluateAsync(PutBack, [RedisKeys.JobsLeased, RedisKeys.JobQueue], [$"{job}"]);
        if (moved) await WakeAsync(database);
        return moved;
    }, cancellationToken);

    /// <summary>Puts back the jobs that were taken up and that nobody has a lease on; answers them.</summary>
    public async Task<IReadOnlyList<JobName>> ReapAsync(CancellationToken cancellationToken)
    {
        var names = await redis.RunAsync("list leased", database => database.ListRangeAsync(RedisKeys.JobsLeased), cancellationToken);
        var reaped = new List<JobName>();
        foreach (var job in names.Distinct().Select(Parse))
            if (!await leases.ExistsAsync(job, cancellationToken) && await PutBackAsync(job, cancellationToken)) reaped.Add(job);
        return reaped;
    }

    public Task<JobCounts> CountAsync(CancellationToken cancellationToken) => redis.RunAsync("count jobs", async database =>
    {
        var (waiting, takenUp) = (database.ListLengthAsync(RedisKeys.JobQueue), database.ListLengthAsync(RedisKeys.JobsLeased));
        return new JobCounts(await waiting, await takenUp);
    }, cancellationToken);

    private static JobName Parse(RedisValue name) => JobName.Parse(name!, "job");

    private static Task<long> WakeAsync(IDatabase database) => database.PublishAsync(RedisKeys.JobsChannel, JobEvents.Queued);

    private static TaskResException Full(int limit) => new(ErrorReason.QueueFull, $"The training queue is full, {limit} jobs: wait until some have ended, and retry.")
    {
        Metadata = new Dictionary<string, string> { ["queue"] = "jobs", ["limit"] = $"{limit}" },
        RetryAfter = FullRetry,
    };
}
