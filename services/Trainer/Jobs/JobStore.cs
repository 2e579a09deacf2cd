using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;

namespace TaskRes.Trainer.Jobs;

/// <summary>
/// The records of jobs. While a worker has a job, only its lease may write the record; without one, only a compare-and-set
/// on what was read. No write brings a record back that went with its task.
/// </summary>
internal sealed class JobStore(RegistryRedis redis, IOptions<TrainerOptions> options)
{
    /// <summary>Stores a new job; the one that is there already, where the same name was used before.</summary>
    /// <exception cref="TaskResException">TaskNotFound.</exception>
    public async Task<JobRecord> CreateAsync(JobRecord job, CancellationToken cancellationToken)
    {
        await MakeRoomAsync(job.Name, cancellationToken);
        var created = await redis.RunAsync("create job", database => CreateAsync(database, job), cancellationToken);
        return created ? job : await FindAsync(job.Name, cancellationToken) ?? throw RegistryErrors.TaskNotFound(job.Name.Task);
    }

    /// <exception cref="TaskResException">JobNotFound.</exception>
    public async Task<JobRecord> GetAsync(JobName name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) ?? throw RegistryErrors.Of(ErrorReason.JobNotFound, $"{name} does not exist.", "job", $"{name}");

    public async Task<JobRecord?> FindAsync(JobName name, CancellationToken cancellationToken)
    {
        var value = await redis.RunAsync("get job", database => database.StringGetAsync(RedisKeys.Job(name)), cancellationToken);
        return value.IsNull ? null : JobRecords.Open(value, name);
    }

    /// <summary>A task's jobs, newest first; of a page those in the state, all where it is null.</summary>
    /// <exception cref="TaskResException">InvalidField, page_size or page_token.</exception>
    public async Task<Page<JobRecord>> ListAsync(TaskName task, JobState? state, PageRequest page, CancellationToken cancellationToken)
    {
        var listing = state is null ? $"{task}/jobs" : $"{task}/jobs {state}";
        var after = TimePosition.Of(page, listing);
        var entries = await redis.RunAsync("list jobs", database => TimeIndex.AfterAsync(database, RedisKeys.Jobs(task), after, page.Size + 1), cancellationToken);
        var shown = entries[..Math.Min(entries.Length, page.Size)];
        var names = Array.ConvertAll(shown, entry => task.Job(entry.Element!));
        var values = await redis.RunAsync("get jobs", database => database.StringGetAsync(Array.ConvertAll(names, RedisKeys.Job)), cancellationToken);
        var jobs = shown.Zip(names, values).Where(job => !job.Third.IsNull).Select(job => OpenOrFailed(job.First, job.Second, job.Third)).Where(job => state is null || job.State == state);
        return new Page<JobRecord>([.. jobs], entries.Length > shown.Length ? PageTokens.Encode(listing, $"{TimePosition.Of(shown[^1])}") : null);
    }

    public async Task<IReadOnlyList<JobName>> NamesAsync(TaskName task, CancellationToken cancellationToken)
    {
        var ids = await redis.RunAsync("name jobs", database => database.SortedSetRangeByRankAsync(RedisKeys.Jobs(task)), cancellationToken);
        return Array.ConvertAll(ids, id => task.Job(id!));
    }

    /// <summary>Takes back a job that was not queued, or forgets one that has ended.</summary>
    public Task DeleteAsync(JobName name, CancellationToken cancellationToken) => redis.RunAsync("delete job", async database =>
    {
        await database.SortedSetRemoveAsync(RedisKeys.Jobs(name.Task), name.Job);
        return await database.KeyDeleteAsync(RedisKeys.Job(name));
    }, cancellationToken);

    /// <summary>Writes the record of a job that the lease holds; false where it holds it no more.</summary>
    public Task<bool> WriteAsync(JobLease lease, JobRecord job, CancellationToken cancellationToken) =>
        redis.RunAsync("write job", database => UnderLeaseAsync(database, lease, job, end: false), cancellationToken);

    /// <summary>The last write under a lease: the record, and the end of the lease. False where it holds the job no more.</summary>
    public Task<bool> ReleaseAsync(JobLease lease, JobRecord job, CancellationToken cancellationToken) =>
        redis.RunAsync("release job", database => UnderLeaseAsync(database, lease, job, end: true), cancellationToken);

    /// <summary>Replaces a record that no worker holds and nobody changed since it was read.</summary>
    public Task<bool> ReplaceAsync(JobRecord read, JobRecord job, CancellationToken cancellationToken) => redis.RunAsync("replace job", async database =>
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(RedisKeys.Job(job.Name), JobRecords.Seal(read)));
        transaction.AddCondition(Condition.KeyNotExists(RedisKeys.JobLease(job.Name)));
        _ = transaction.StringSetAsync(RedisKeys.Job(job.Name), JobRecords.Seal(job), options.Value.JobRetention);
        return await transaction.ExecuteAsync() && await AnnounceAsync(database, job.Name);
    }, cancellationToken);

    /// <summary>Leaves a note for the worker that has the job, or the next one.</summary>
    public Task<bool> RequestCancelAsync(JobName name, CancellationToken cancellationToken) => redis.RunAsync("cancel job", async database =>
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.KeyExists(RedisKeys.Job(name)));
        _ = transaction.StringSetAsync(RedisKeys.JobCancel(name), RedisValue.EmptyString, options.Value.JobRetention);
        return await transaction.ExecuteAsync() && await AnnounceAsync(database, name);
    }, cancellationToken);

    public Task<bool> IsCancelRequestedAsync(JobName name, CancellationToken cancellationToken) =>
        redis.RunAsync("look for cancel", database => database.KeyExistsAsync(RedisKeys.JobCancel(name)), cancellationToken);

    // One damaged record is not to hide all others.
    private static JobRecord OpenOrFailed(SortedSetEntry entry, JobName name, RedisValue value)
    {
        try
        {
            return JobRecords.Open(value, name);
        }
        catch (TaskResException exception)
        {
            var made = DateTimeOffset.FromUnixTimeMilliseconds((long)entry.Score);
            return new JobRecord { Name = name, State = JobState.Failed, Settings = new TrainingSettings(), Promotion = PromotionPolicy.Manual, CreateTime = made, Error = exception };
        }
    }

    // What waits or runs stays: the queue bounds how many that are. So does the job itself, where it is made a second time.
    private async Task MakeRoomAsync(JobName job, CancellationToken cancellationToken)
    {
        var task = job.Task;
        var oldest = await redis.RunAsync("list oldest jobs", database => database.SortedSetRangeByRankAsync(RedisKeys.Jobs(task), 0, -options.Value.JobsPerTask), cancellationToken);
        foreach (var name in oldest.Select(id => task.Job(id!)).Where(name => name != job))
            if (await MayGoAsync(name, cancellationToken)) await DeleteAsync(name, cancellationToken);
    }

    private async Task<bool> MayGoAsync(JobName name, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(name, cancellationToken) is not { HasEnded: false };
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.RevisionCorrupt)
        {
            // An operator may want to see it, and no new job is to fail by it.
            return false;
        }
    }

    private async Task<bool> CreateAsync(IDatabase database, JobRecord job)
    {
        var (jobs, now) = (RedisKeys.Jobs(job.Name.Task), job.CreateTime);
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.KeyExists(RedisKeys.Task(job.Name.Task)));
        transaction.AddCondition(Condition.KeyNotExists(RedisKeys.Job(job.Name)));
        _ = transaction.StringSetAsync(RedisKeys.Job(job.Name), JobRecords.Seal(job), options.Value.JobRetention);
        _ = transaction.SortedSetAddAsync(jobs, job.Name.Job, now.ToUnixTimeMilliseconds());
        // The records of those have expired.
        _ = transaction.SortedSetRemoveRangeByScoreAsync(jobs, double.NegativeInfinity, (now - options.Value.JobRetention).ToUnixTimeMilliseconds());
        return await transaction.ExecuteAsync();
    }

    private async Task<bool> UnderLeaseAsync(IDatabase database, JobLease lease, JobRecord job, bool end)
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(RedisKeys.JobLease(lease.Job), lease.Owner));
        transaction.AddCondition(Condition.KeyExists(RedisKeys.Job(lease.Job)));
        _ = transaction.StringSetAsync(RedisKeys.Job(lease.Job), JobRecords.Seal(job), options.Value.JobRetention);
        if (end) _ = transaction.KeyDeleteAsync(RedisKeys.JobLease(lease.Job));
        if (job.HasEnded) _ = transaction.KeyDeleteAsync(RedisKeys.JobCancel(lease.Job));
        return await transaction.ExecuteAsync() && await AnnounceAsync(database, lease.Job);
    }

    private static async Task<bool> AnnounceAsync(IDatabase database, JobName job)
    {
        await database.PublishAsync(RedisKeys.JobsChannel, $"{job}");
        return true;
    }
}
