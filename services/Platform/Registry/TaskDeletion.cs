using StackExchange.Redis;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>
/// Takes a task's record away first, so that nobody sees half a task, and then everything below it. A mark stays until all
/// is gone: meanwhile no task of that name can be made, and a deletion that was broken off is taken up by the next.
/// </summary>
internal sealed class TaskDeletion(RegistryRedis redis)
{
    public async Task DeleteAsync(TaskName task, CancellationToken cancellationToken)
    {
        if (!await redis.RunAsync("delete task", database => MarkAsync(database, task, Condition.KeyExists(RedisKeys.Task(task))), cancellationToken))
            throw RegistryErrors.TaskNotFound(task);
        await SweepAsync(task, cancellationToken);
    }

    public async Task DiscardAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        var same = Condition.StringEqual(RedisKeys.Task(task.Name), TaskRecords.Seal(task));
        if (await redis.RunAsync("discard task", database => MarkAsync(database, task.Name, same, Condition.KeyNotExists(RedisKeys.Live(task.Name))), cancellationToken))
            await SweepAsync(task.Name, cancellationToken);
    }

    private async Task SweepAsync(TaskName task, CancellationToken cancellationToken)
    {
        while (await redis.RunAsync("sweep task", multiplexer =>
            KeySweep.DeleteAsync(multiplexer, RedisKeys.BelowTask(task), keep: RedisKeys.TaskDeleting(task), cancellationToken), cancellationToken) > 0) { }
        await redis.RunAsync("finish deletion", database => database.KeyDeleteAsync(RedisKeys.TaskDeleting(task)), cancellationToken);
    }

    private static async Task<bool> MarkAsync(IDatabase database, TaskName task, params Condition[] conditions)
    {
        var transaction = database.CreateTransaction();
        foreach (var condition in conditions) transaction.AddCondition(condition);
        _ = transaction.StringSetAsync(RedisKeys.TaskDeleting(task), RedisValue.EmptyString);
        _ = transaction.KeyDeleteAsync(RedisKeys.Task(task));
        _ = transaction.SortedSetRemoveAsync(RedisKeys.Tasks(task.Tenant), task.Task);
        if (await transaction.ExecuteAsync())
        {
            await database.PublishAsync(RedisKeys.LiveChannel, $"{task}");
            return true;
        }

        return await database.KeyExistsAsync(RedisKeys.TaskDeleting(task));
    }
}
