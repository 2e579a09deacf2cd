using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>
/// Which revision is live: a bounded list with the live one first, the one before it second. It changes by compare-and-set
/// on its head; an attempt without an expectation that loses a race is made again.
/// </summary>
internal sealed class LiveStore(RegistryRedis redis, TaskStore tasks)
{
    private const int HistoryLength = 100;
    private const int MaxAttempts = 10;

    public async Task<RevisionName?> GetAsync(TaskName task, CancellationToken cancellationToken)
    {
        var (live, _) = await HeadAsync(task, cancellationToken);
        if (live is null) await tasks.RequireAsync(task, cancellationToken);
        return live;
    }

    public Task PromoteAsync(RevisionName name, RevisionName? expected, CancellationToken cancellationToken) =>
        ChangeAsync(name.Task, expected, (_, _) => name, (transaction, key) => Push(transaction, key, name), cancellationToken);

    public Task PromoteFirstAsync(RevisionName name, CancellationToken cancellationToken) =>
        ChangeAsync(name.Task, expected: null, (live, _) => live ?? name, (transaction, key) => Push(transaction, key, name), cancellationToken);

    public Task<RevisionName> RollbackAsync(TaskName task, RevisionName? expected, CancellationToken cancellationToken) =>
        ChangeAsync(
            task,
            expected,
            (_, previous) => previous ?? throw RegistryErrors.Of(ErrorReason.RevisionNotFound, $"No revision of {task} was live before the present one.", "task", $"{task}"),
            (transaction, key) => _ = transaction.ListLeftPopAsync(key),
            cancellationToken);

    private static void Push(ITransaction transaction, RedisKey key, RevisionName name)
    {
        _ = transaction.ListLeftPushAsync(key, name.Revision);
        _ = transaction.ListTrimAsync(key, 0, HistoryLength - 1);
    }

    private async Task<RevisionName> ChangeAsync(
        TaskName task,
        RevisionName? expected,
        Func<RevisionName?, RevisionName?, RevisionName> choose,
        Action<ITransaction, RedisKey> change,
        CancellationToken cancellationToken)
    {
        await tasks.RequireAsync(task, cancellationToken);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (live, previous) = await HeadAsync(task, cancellationToken);
            if (expected is not null && live != expected)
                throw RegistryErrors.Conflict(task, $"The live revision of {task} is {live?.Revision ?? "none"} and not {expected.Value.Revision}: read it again and retry.");
            var next = choose(live, previous);
            if (next == live) return next;
            if (await redis.RunAsync("change live", database => CommitAsync(database, live, next, change), cancellationToken)) return next;
        }

        throw RegistryErrors.Conflict(task, $"The live revision of {task} keeps changing: read it again and retry.");
    }

    // False where the live revision is another by now.
    private static async Task<bool> CommitAsync(IDatabase database, RevisionName? live, RevisionName next, Action<ITransaction, RedisKey> change)
    {
        var key = RedisKeys.Live(next.Task);
        var transaction = database.CreateTransaction();
        var task = transaction.AddCondition(Condition.KeyExists(RedisKeys.Task(next.Task)));
        var revision = transaction.AddCondition(Condition.KeyExists(RedisKeys.Revision(next)));
        transaction.AddCondition(live is null ? Condition.KeyNotExists(key) : Condition.ListIndexEqual(key, 0, live.Value.Revision));
        change(transaction, key);
        if (await transaction.ExecuteAsync())
        {
            await database.PublishAsync(RedisKeys.LiveChannel, $"{next.Task}");
            return true;
        }

        if (!task.WasSatisfied) throw RegistryErrors.TaskNotFound(next.Task);
        if (!revision.WasSatisfied) throw RegistryErrors.RevisionNotFound(next);
        return false;
    }

    private async Task<(RevisionName? Live, RevisionName? Previous)> HeadAsync(TaskName task, CancellationToken cancellationToken)
    {
        var ids = await redis.RunAsync("get live", database => database.ListRangeAsync(RedisKeys.Live(task), 0, 1), cancellationToken);
        return (NameAt(0), NameAt(1));

        RevisionName? NameAt(int index)
        {
            if (index >= ids.Length) return null;
            return ResourceSegments.IsIdentifier($"{ids[index]}") ? task.Revision(ids[index]!) : throw StoredValue.Corrupt($"the live revision of {task}", "it is not a revision's name");
        }
    }
}
