using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>
/// What a task serves: a bounded list of the revisions that were live, the live one first and the one before it second, and
/// the rollout beside it. Both change by compare-and-set; an attempt without an expectation that loses a race is made again.
/// </summary>
internal sealed class ServingStore(RegistryRedis redis, TaskStore tasks)
{
    /// <summary>Revisions that were live, the live one among them.</summary>
    public const int HistoryLength = 100;

    private const int MaxAttempts = 10;

    // For longer than anybody repeats a call.
    private static readonly TimeSpan RollbackMark = TimeSpan.FromDays(1);

    public async Task<Serving> GetAsync(TaskName task, CancellationToken cancellationToken)
    {
        var state = (await ReadAsync(task, cancellationToken)).State;
        if (state.Live is null) await tasks.RequireAsync(task, cancellationToken);
        return state;
    }

    public async Task PromoteAsync(RevisionName name, ServingExpectation? expected, CancellationToken cancellationToken) =>
        await ChangeAsync(name.Task, expected, stored => stored.Live == name ? null : new ServingChange(name.Task, [name], transaction =>
        {
            _ = transaction.ListLeftPushAsync(RedisKeys.Live(name.Task), name.Revision);
            _ = transaction.ListTrimAsync(RedisKeys.Live(name.Task), 0, HistoryLength - 1);
            _ = transaction.KeyDeleteAsync(RedisKeys.Rollout(name.Task));
        }), cancellationToken);

    public async Task<RevisionName> RollbackAsync(TaskName task, ServingExpectation? expected, Guid? requestId, CancellationToken cancellationToken)
    {
        if (requestId is { } id && await RolledBackAsync(task, id, cancellationToken) is { } done) return done;
        var previous = default(RevisionName);
        await ChangeAsync(task, expected, stored =>
        {
            previous = stored.Previous ?? throw RegistryErrors.Of(ErrorReason.RevisionNotFound, $"No revision of {task} was live before the present one.", "task", $"{task}");
            return new ServingChange(task, [previous], transaction =>
            {
                _ = transaction.ListLeftPopAsync(RedisKeys.Live(task));
                _ = transaction.KeyDeleteAsync(RedisKeys.Rollout(task));
                // With the change itself: a caller that lost the answer, whatever it lost it by, finds that it was made.
                if (requestId is { } own) _ = transaction.StringSetAsync(RedisKeys.RolledBack(task, own), previous.Revision, RollbackMark);
            });
        }, cancellationToken);
        return previous;
    }

    public async Task SetRolloutAsync(TaskName task, Rollout? rollout, ServingExpectation? expected, CancellationToken cancellationToken) =>
        await ChangeAsync(task, expected, stored =>
        {
            if (rollout is null) return new ServingChange(task, [], transaction => _ = transaction.KeyDeleteAsync(RedisKeys.Rollout(task)));
            if (stored.Live is not { } live) throw RegistryErrors.Of(ErrorReason.NoLiveRevision, $"{task} has no live revision that another could stand beside: promote one first.", "task", $"{task}");
            if (rollout.Revisions.Contains(live)) throw TaskResException.Invalid("rollout", $"{live} is live already; choose another revision.");
            return new ServingChange(task, [.. rollout.Revisions], transaction => _ = transaction.StringSetAsync(RedisKeys.Rollout(task), RolloutRecords.Seal(task, rollout)));
        }, cancellationToken);

    /// <summary>What the task serves, where that is as expected: the state that a change is made on.</summary>
    /// <exception cref="TaskResException">TaskNotFound; Conflict.</exception>
    public async Task<StoredServing> RequireAsync(TaskName task, ServingExpectation? expected, CancellationToken cancellationToken)
    {
        TaskRecord? record = null;
        if (expected?.Etag is null) await tasks.RequireAsync(task, cancellationToken);
        else record = await tasks.GetAsync(task, cancellationToken);
        var stored = await ReadAsync(task, cancellationToken);
        if (expected?.Live is { } live && stored.Live != live)
            throw RegistryErrors.Conflict(task, $"The live revision of {task} is {stored.Live?.Revision ?? "none"} and not {live.Revision}: read it again and retry.");
        if (record is not null && stored.State.EtagOf(record) != expected!.Etag)
            throw RegistryErrors.Conflict(task, $"{task} has changed since its etag was read: read it again and retry.");
        return stored;
    }

    private async Task ChangeAsync(TaskName task, ServingExpectation? expected, Func<StoredServing, ServingChange?> choose, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var stored = await RequireAsync(task, expected, cancellationToken);
            if (choose(stored) is not { } change) return;
            if (await redis.RunAsync("change serving", database => change.TryCommitAsync(database, stored), cancellationToken)) return;
        }

        throw RegistryErrors.Conflict(task, $"What {task} serves keeps changing: read it again and retry.");
    }

    private async Task<RevisionName?> RolledBackAsync(TaskName task, Guid requestId, CancellationToken cancellationToken)
    {
        var revision = await redis.RunAsync("read rollback", database => database.StringGetAsync(RedisKeys.RolledBack(task, requestId)), cancellationToken);
        return revision.IsNull ? null : task.Revision($"{revision}");
    }

    private Task<StoredServing> ReadAsync(TaskName task, CancellationToken cancellationToken) =>
        redis.RunAsync("get serving", database => StoredServing.ReadAsync(database, task), cancellationToken);
}
