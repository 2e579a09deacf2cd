using System.Security.Cryptography;
using StackExchange.Redis;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Redis;

// Every key of the product is made here. {tenant} is a hash tag: all keys of a tenant lie in one slot of a Redis Cluster.
// Tags that are no tenant's begin with _, which no tenant's id can: what is deleted with a tenant is never theirs.
//
// registry role (durable)
//   taskres:tenants                                 sorted set   tenant ids, all of score 0: by name
//   taskres:{tenant}:tenant                         string       the tenant
//   taskres:{tenant}:keys                           sorted set   API key ids, all of score 0
//   taskres:{tenant}:key:KEY                        string       the API key, its secret as a hash
//   taskres:{tenant}:audit                          sorted set   audit records by sequence
//   taskres:{tenant}:usage:DAY                      hash         what the tenant used on a day, and each process's last entry in it; expires
//   taskres:{tenant}:audit:sequence                 string       the last sequence given
//   taskres:{tenant}:tasks                          sorted set   task ids, all of score 0: by name
//   taskres:{tenant}:task:ID                        string       the task
//   taskres:{tenant}:task:ID:deleting               string       present while the deletion of the task is under way
//   taskres:{tenant}:task:ID:examples               hash         image digest → example
//   taskres:{tenant}:task:ID:labels                 hash         image digest → class index, to count without reading embeddings
//   taskres:{tenant}:task:ID:revisions              sorted set   revision ids by time
//   taskres:{tenant}:task:ID:revision:REV           string       what lists say of the revision, and its parts
//   taskres:{tenant}:task:ID:revision:REV:N         string       the N-th part of the revision's bytes
//   taskres:{tenant}:task:ID:live                   list         revision ids that were live, the live one first
//   taskres:{tenant}:task:ID:rollout                string       the revisions on trial beside the live one
//   taskres:{tenant}:task:ID:rollback:UUID          string       the revision that a rollback of this request_id went back to; expires
//   taskres:{tenant}:task:ID:jobs                   sorted set   job ids by time
//   taskres:{tenant}:task:ID:job:JOB                string       the job
//   taskres:{tenant}:task:ID:job:JOB:lease          string       the worker that has the job; expires with its lease
//   taskres:{tenant}:task:ID:job:JOB:cancel         string       present once cancelling is asked for
//   taskres:{tenant}:request:RPC:UUID               string       the answer to a request_id; expires
//   taskres:{_jobs}:queue, taskres:{_jobs}:leased   list         job names waiting; taken up
//   taskres:embedding-secret                        string       32 random bytes: what the cache's key names are derived from
// cache role (evictable, expiring)
//   taskres:{tenant}:embedding:FINGERPRINT:PRECISION:KIND:MAC:VIEW      string   little-endian fp32; MAC is the keyed digest of the content
//   taskres:{_pool}:embedding:FINGERPRINT:PRECISION:KIND:MAC:VIEW       string   the same, of the tenants that share
//   taskres:{tenant}:quota:requests                 hash         the tenant's token bucket: tokens spent, and when that was
// channels
//   taskres:live                                    the name of a task that serves something else now
//   taskres:jobs                                    the name of a job that changed, or "queued"
internal static class RedisKeys
{
    public static RedisKey JobQueue { get; } = "taskres:{_jobs}:queue";

    public static RedisKey JobsLeased { get; } = "taskres:{_jobs}:leased";

    public static RedisChannel LiveChannel { get; } = RedisChannel.Literal("taskres:live");

    public static RedisChannel JobsChannel { get; } = RedisChannel.Literal("taskres:jobs");

    public static RedisKey Tenants { get; } = "taskres:tenants";

    public static RedisKey Tenant(TenantName tenant) => $"{Of(tenant)}:tenant";

    public static RedisKey ApiKeys(TenantName tenant) => $"{Of(tenant)}:keys";

    public static RedisKey ApiKey(ApiKeyName key) => $"{Of(key.Tenant)}:key:{key.Key}";

    public static RedisKey Audit(TenantName tenant) => $"{Of(tenant)}:audit";

    public static RedisKey AuditSequence(TenantName tenant) => $"{Of(tenant)}:audit:sequence";

    public static RedisKey Usage(TenantName tenant, DateOnly day) => $"{Of(tenant)}:usage:{day:yyyy-MM-dd}";

    /// <summary>Matches every key of a tenant, for the deletion and its proof.</summary>
    public static RedisValue BelowTenant(TenantName tenant) => $"{Of(tenant)}:*";

    public static RedisKey Tasks(TenantName tenant) => $"{Of(tenant)}:tasks";

    public static RedisKey Task(TaskName task) => Of(task);

    public static RedisKey TaskDeleting(TaskName task) => $"{Of(task)}:deleting";

    public static RedisKey Examples(TaskName task) => $"{Of(task)}:examples";

    public static RedisKey Labels(TaskName task) => $"{Of(task)}:labels";

    public static RedisKey Revisions(TaskName task) => $"{Of(task)}:revisions";

    public static RedisKey Revision(RevisionName revision) => Of(revision);

    public static RedisKey RevisionPart(RevisionName revision, int part) => $"{Of(revision)}:{part}";

    public static RedisKey Live(TaskName task) => $"{Of(task)}:live";

    public static RedisKey Rollout(TaskName task) => $"{Of(task)}:rollout";

    public static RedisKey RolledBack(TaskName task, Guid requestId) => $"{Of(task)}:rollback:{requestId:D}";

    public static RedisKey Jobs(TaskName task) => $"{Of(task)}:jobs";

    public static RedisKey Job(JobName job) => Of(job);

    public static RedisKey JobLease(JobName job) => $"{Of(job)}:lease";

    public static RedisKey JobCancel(JobName job) => $"{Of(job)}:cancel";

    /// <summary>Matches every key below a task, for the deletion and its proof.</summary>
    public static RedisValue BelowTask(TaskName task) => $"{Of(task)}:*";

    public static RedisKey Request(TenantName tenant, string rpc, Guid requestId) => $"{Of(tenant)}:request:{rpc}:{requestId:D}";

    public static RedisKey EmbeddingSecret { get; } = "taskres:embedding-secret";

    /// <param name="key">The scope's, of the MAC.</param>
    public static RedisKey Embedding(EmbeddingScope scope, ReadOnlySpan<byte> key, EncoderModel model, EmbeddingInput input)
    {
        var kind = input is ImageInput ? "image" : "text";
        var mac = Convert.ToHexStringLower(HMACSHA256.HashData(key, input.Digest.ToBytes()));
        return $"{(scope.IsPool ? "taskres:{_pool}" : Of(scope.Tenant))}:embedding:{model.Fingerprint}:{model.Precision}:{kind}:{mac}:{input.View}";
    }

    public static RedisKey RequestQuota(TenantName tenant) => $"{Of(tenant)}:quota:requests";

    private static string Of(TenantName tenant) => $"taskres:{{{tenant.Tenant}}}";

    private static string Of(TaskName task) => $"{Of(task.Tenant)}:task:{task.Task}";

    private static string Of(RevisionName revision) => $"{Of(revision.Task)}:revision:{revision.Revision}";

    private static string Of(JobName job) => $"{Of(job.Task)}:job:{job.Job}";
}
