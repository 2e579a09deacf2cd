using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>
/// Deletes the oldest revisions of a task beyond its tenant's quota. The zero-shot one stays, since training starts from it,
/// and so do the last that were live, so that a rollback finds them,
/// and those of a rollout.
/// </summary>
internal sealed class RevisionRetention(RegistryRedis redis, QuotaBook quotas)
{
    /// <summary>The live revision and those that were live before it.</summary>
    public const int KeptLive = 5;

    // A publication takes away little more than it brought; a quota that was lowered is reached in a few.
    private const int MostAtOnce = 50;

    /// <param name="published">It stays, whatever its age: its publisher is about to use it.</param>
    public async Task ApplyAsync(RevisionName published, CancellationToken cancellationToken)
    {
        try
        {
            var limit = (await quotas.OfAsync(published.Task.Tenant, cancellationToken)).RevisionsPerTask;
            await redis.RunAsync("retain revisions", database => ApplyAsync(database, published, limit), cancellationToken);
        }
        catch (TaskResException exception) when (exception.Reason is ErrorReason.RegistryUnavailable or ErrorReason.TaskNotFound or ErrorReason.RevisionCorrupt)
        {
            // The publication stands; the next one takes away what this one should have.
        }
    }

    private static async Task<bool> ApplyAsync(IDatabase database, RevisionName published, int limit)
    {
        var task = published.Task;
        var excess = await database.SortedSetLengthAsync(RedisKeys.Revisions(task)) - limit;
        if (excess <= 0) return true;
        var value = await database.StringGetAsync(RedisKeys.Task(task));
        if (value.IsNull) return true;
        var live = await database.ListRangeAsync(RedisKeys.Live(task), 0, KeptLive - 1);
        var serving = await StoredServing.ReadAsync(database, task);
        HashSet<string?> kept =
        [
            published.Revision, TaskRecords.Open(value, task).ZeroShotRevision, .. live.Select(id => (string?)id),
            .. serving.State.Rollout?.Revisions.Select(name => name.Revision) ?? [],
        ];
        var oldest = await database.SortedSetRangeByRankAsync(RedisKeys.Revisions(task), 0, Math.Min(excess, MostAtOnce) + kept.Count - 1);
        foreach (var id in oldest.Where(id => !kept.Contains(id)).Take((int)Math.Min(excess, MostAtOnce)))
            await TryDeleteAsync(database, task.Revision(id!), serving);
        return true;
    }

    // Not where another is served meanwhile: it may be this one.
    private static async Task TryDeleteAsync(IDatabase database, RevisionName name, StoredServing serving)
    {
        if (await LengthAsync(database, name) is not { } length) return;
        var transaction = database.CreateTransaction();
        serving.Guard(transaction);
        _ = transaction.SortedSetRemoveAsync(RedisKeys.Revisions(name.Task), name.Revision);
        _ = transaction.KeyDeleteAsync(RedisKeys.Revision(name));
        _ = transaction.KeyDeleteAsync(RevisionContent.Keys(name, length));
        await transaction.ExecuteAsync();
    }

    // Null of one that is damaged: an operator may want to see it.
    private static async Task<int?> LengthAsync(IDatabase database, RevisionName name)
    {
        try
        {
            var index = await database.StringGetAsync(RedisKeys.Revision(name));
            return index.IsNull ? 0 : (int)RevisionRecords.Open(index, name).Length;
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.RevisionCorrupt)
        {
            return null;
        }
    }
}
