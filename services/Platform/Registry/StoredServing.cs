using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>What a task serves as it was read: a change is made on the condition that it is still so.</summary>
internal sealed class StoredServing
{
    private readonly TaskName _task;
    private readonly RedisValue[] _live;
    private readonly RedisValue _rollout;

    private StoredServing(TaskName task, RedisValue[] live, RedisValue rollout) => (_task, _live, _rollout) = (task, live, rollout);

    public RevisionName? Live => NameAt(0);

    public RevisionName? Previous => NameAt(1);

    /// <exception cref="TaskResException">RevisionCorrupt.</exception>
    public Serving State => new(Live, _rollout.IsNull ? null : RolloutRecords.Open(_rollout, _task));

    public static async Task<StoredServing> ReadAsync(IDatabase database, TaskName task)
    {
        var rollout = database.StringGetAsync(RedisKeys.Rollout(task));
        var live = database.ListRangeAsync(RedisKeys.Live(task), 0, 1);
        return new StoredServing(task, await live, await rollout);
    }

    public void Guard(ITransaction transaction)
    {
        var (live, rollout) = (RedisKeys.Live(_task), RedisKeys.Rollout(_task));
        transaction.AddCondition(_live.Length == 0 ? Condition.KeyNotExists(live) : Condition.ListIndexEqual(live, 0, _live[0]));
        transaction.AddCondition(_rollout.IsNull ? Condition.KeyNotExists(rollout) : Condition.StringEqual(rollout, _rollout));
    }

    private RevisionName? NameAt(int index)
    {
        if (index >= _live.Length) return null;
        return ResourceSegments.IsIdentifier($"{_live[index]}") ? _task.Revision(_live[index]!) : throw StoredValue.Corrupt($"the live revision of {_task}", "it is not a revision's name");
    }
}
