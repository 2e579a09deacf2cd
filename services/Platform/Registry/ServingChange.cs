using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>One change of what a task serves, made whole or not at all, and told to the classifiers.</summary>
/// <param name="Task">Whose.</param>
/// <param name="Needed">Revisions that must be there.</param>
/// <param name="Write">Puts the commands into the transaction.</param>
internal sealed record ServingChange(TaskName Task, IReadOnlyList<RevisionName> Needed, Action<ITransaction> Write)
{
    /// <returns>False where the task serves something else by now.</returns>
    /// <exception cref="TaskResException">TaskNotFound; RevisionNotFound.</exception>
    public async Task<bool> TryCommitAsync(IDatabase database, StoredServing stored)
    {
        var transaction = database.CreateTransaction();
        var task = transaction.AddCondition(Condition.KeyExists(RedisKeys.Task(Task)));
        var revisions = Needed.Select(name => (Name: name, Exists: transaction.AddCondition(Condition.KeyExists(RedisKeys.Revision(name))))).ToList();
        stored.Guard(transaction);
        Write(transaction);
        if (await transaction.ExecuteAsync())
        {
            await database.PublishAsync(RedisKeys.LiveChannel, $"{Task}");
            return true;
        }

        if (!task.WasSatisfied) throw RegistryErrors.TaskNotFound(Task);
        foreach (var (name, exists) in revisions)
            if (!exists.WasSatisfied) throw RegistryErrors.RevisionNotFound(name);
        return false;
    }
}
