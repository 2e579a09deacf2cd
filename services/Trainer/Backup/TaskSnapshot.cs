using StackExchange.Redis;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Trainer.Backup;

/// <summary>What a task was at one moment: its record, the names of what it has, and what it serves. What the names stand for is read later.</summary>
internal sealed record TaskSnapshot(RedisValue Record, string[] Examples, string[] Revisions, string[] Served, RedisValue Rollout)
{
    /// <summary>The record is null where there is no such task.</summary>
    public static async Task<TaskSnapshot> ReadAsync(IDatabase database, TaskName task)
    {
        var transaction = database.CreateTransaction();
        var record = transaction.StringGetAsync(RedisKeys.Task(task));
        var examples = transaction.HashKeysAsync(RedisKeys.Examples(task));
        var revisions = transaction.SortedSetRangeByRankAsync(RedisKeys.Revisions(task));
        var served = transaction.ListRangeAsync(RedisKeys.Live(task));
        var rollout = transaction.StringGetAsync(RedisKeys.Rollout(task));
        await transaction.ExecuteAsync();
        return new TaskSnapshot(await record, [.. Texts(await examples).Order(StringComparer.Ordinal)], Texts(await revisions), [.. Texts(await served).Reverse()], await rollout);
    }

    private static string[] Texts(RedisValue[] values) => Array.ConvertAll(values, value => $"{value}");
}
