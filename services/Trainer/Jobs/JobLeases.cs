using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Trainer.Jobs;

/// <summary>That one worker, for the time being, has a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Owner">Unique to this taking-up: the same worker's next one has another.</param>
internal sealed record JobLease(JobName Job, string Owner);

/// <summary>Who has which job: a key that expires unless it is renewed.</summary>
internal sealed class JobLeases(RegistryRedis redis, IOptions<TrainerOptions> options)
{
    /// <summary>Null where another worker has the job.</summary>
    public async Task<JobLease?> AcquireAsync(JobName job, CancellationToken cancellationToken)
    {
        var lease = new JobLease(job, $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid():N}");
        var acquired = await redis.RunAsync("acquire lease", database =>
            database.StringSetAsync(RedisKeys.JobLease(job), lease.Owner, options.Value.Lease, When.NotExists), cancellationToken);
        return acquired ? lease : null;
    }

    /// <summary>False where the lease ran out: the job may be another worker's.</summary>
    public Task<bool> RenewAsync(JobLease lease, CancellationToken cancellationToken) => redis.RunAsync("renew lease", database =>
    {
        var transaction = Owned(database, lease);
        _ = transaction.KeyExpireAsync(RedisKeys.JobLease(lease.Job), options.Value.Lease);
        return transaction.ExecuteAsync();
    }, cancellationToken);

    /// <summary>For a job whose record is gone or has ended.</summary>
    public Task<bool> DropAsync(JobLease lease, CancellationToken cancellationToken) => redis.RunAsync("drop lease", database =>
    {
        var transaction = Owned(database, lease);
        _ = transaction.KeyDeleteAsync(RedisKeys.JobLease(lease.Job));
        return transaction.ExecuteAsync();
    }, cancellationToken);

    public Task<bool> ExistsAsync(JobName job, CancellationToken cancellationToken) =>
        redis.RunAsync("find lease", database => database.KeyExistsAsync(RedisKeys.JobLease(job)), cancellationToken);

    private static ITransaction Owned(IDatabase database, JobLease lease)
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(RedisKeys.JobLease(lease.Job), lease.Owner));
        return transaction;
    }
}
