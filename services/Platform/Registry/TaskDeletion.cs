using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>
/// Takes a task's record away first, so that nobody sees half a task, and then everything below it. A mark stays until all
/// is gone: meanwhile no task of that name can be made, and a deletion that was broken off is taken up by the next.
/// </summary>
internal sealed class TaskDeletion(RegistryRedis redis, ServingStore serving)
{
    /// <exception cref="TaskResException">TaskNotFound; Conflict.</exception>
    public async Task DeleteAsync(TaskName task, string? etag, CancellationToken cancellationToken)
    {
        var guard = etag is null ? null : await GuardAsync(task, etag, cancellationToken);
        if (!await redis.RunAsync("delete task", database => MarkAsync(database, task, guard), cancellationToken)) throw RegistryErrors.TaskNotFound(task);
        while (await redis.RunAsync("sweep task", multiplexer =>
            KeySweep.DeleteAsync(multiplexer, RedisKeys.BelowTask(task), keep: RedisKeys.TaskDeleting(task), cancellationToken), cancellationToken) > 0) { }
        await redis.RunAsync("finish deletion", database => database.KeyDeleteAsync(RedisKeys.TaskDeleting(task)), cancellationToken);
    }

    // Null of a task whose record is gone: what is left of it is swept, whatever it was.
    private async Task<StoredServing?> GuardAsync(TaskName task, string etag, CancellationToken cancellationToken)
    {
        try
        {
            return await serving.RequireAsync(task, new ServingExpectation(Etag: etag), cancellationToken);
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.TaskNotFound)
        {
            return null;
        }
    }

    private static async Task<bool> MarkAsync(IDatabase database, TaskName task, StoredServing? guard)
    {
        var transaction = database.CreateTransaction();
        var exists = transaction.AddCondition(Condition.KeyExists(RedisKeys.Task(task)));
        guard?.Guard(transaction);
        _ = transaction.StringSetAsync(RedisKeys.TaskDeleting(task), RedisValue.EmptyString);
        _ = transaction.KeyDeleteAsync(RedisKeys.Task(task));
        _ = transaction.SortedSetRemoveAsync(RedisKeys.Tasks(task.Tenant), task.Task);
        if (await transaction.ExecuteAsync())
        {
            await database.PublishAsync(RedisKeys.LiveChannel, $"{task}");
            return true;
        }

        if (exists.WasSatisfied) throw RegistryErrors.Conflict(task, $"{task} has changed since its etag was read: read it again and retry.");
        return await database.KeyExistsAsync(RedisKeys.TaskDeleting(task));
    }
}
