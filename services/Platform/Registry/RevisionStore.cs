using System.Security.Cryptography;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>Immutable revisions: parts first, then the index entry that makes them visible.</summary>
internal sealed class RevisionStore(RegistryRedis redis, TaskStore tasks, TimeProvider time)
{
    private readonly RevisionContent _contents = new(redis);

    public async Task<RevisionRecord> PublishAsync(TaskName task, Revision revision, CancellationToken cancellationToken)
    {
        var raw = await tasks.ReadAsync(task, cancellationToken);
        var content = revision.ToSafetensors();
        var name = task.Revision(revision.Id);
        await _contents.WriteAsync(name, content, cancellationToken);
        if (await _contents.ReadAsync(name, content.Length, SHA256.HashData(content), cancellationToken) is null) throw StoredValue.Corrupt($"{name}", "a part was lost while it was written");

        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var record = await ExistingAsync(name, cancellationToken) ?? RevisionRecords.Describe(name, revision, now);
        var index = RevisionRecords.Seal(record, content);
        if (await redis.RunAsync("index revision", database => IndexAsync(database, name, raw, index, record.CreateTime), cancellationToken))
            return await GetAsync(name, cancellationToken);
        // The task went meanwhile; or it is there, and its oldest revision went that this one is again.
        if (await redis.RunAsync("find task", database => database.StringGetAsync(RedisKeys.Task(task)), cancellationToken) == raw)
            return await PublishAsync(task, revision, cancellationToken);
        await _contents.DeleteUnindexedAsync(name, content.Length, cancellationToken);
        throw RegistryErrors.TaskNotFound(task);
    }

    public async Task<Revision> ReadAsync(RevisionName name, CancellationToken cancellationToken)
    {
        var stored = await IndexEntryAsync(name, cancellationToken);
        if (stored.Length is <= 0 or > int.MaxValue) throw StoredValue.Corrupt($"{name}", $"its length is {stored.Length}");
        if (await _contents.ReadAsync(name, stored.Length, stored.Sha256.Memory, cancellationToken) is not { } content)
        {
            // A part goes missing when the task is deleted meanwhile: then this says so.
            await IndexEntryAsync(name, cancellationToken);
            throw StoredValue.Corrupt($"{name}", "a part is missing");
        }

        var revision = Revision.Parse(content, $"{name}");
        return revision.Id == name.Revision ? revision : throw StoredValue.Corrupt($"{name}", "its content has another hash than its name");
    }

    public async Task<RevisionRecord> GetAsync(RevisionName name, CancellationToken cancellationToken) =>
        RevisionRecords.Read(await IndexEntryAsync(name, cancellationToken), name);

    public async Task<Page<RevisionRecord>> ListAsync(TaskName task, PageRequest page, CancellationToken cancellationToken)
    {
        var listing = $"{task}/revisions";
        var after = TimePosition.Of(page, listing);
        await tasks.RequireAsync(task, cancellationToken);

        var entries = await redis.RunAsync("list revisions", database => TimeIndex.AfterAsync(database, RedisKeys.Revisions(task), after, page.Size + 1), cancellationToken);
        var shown = entries[..Math.Min(entries.Length, page.Size)];
        var names = Array.ConvertAll(shown, entry => task.Revision(entry.Element!));
        var values = await redis.RunAsync("get revisions", database =>
            database.StringGetAsync(Array.ConvertAll(names, RedisKeys.Revision)), cancellationToken);
        var revisions = names.Zip(values).Where(revision => !revision.Second.IsNull)
            .Select(revision => RevisionRecords.Read(RevisionRecords.Open(revision.Second, revision.First), revision.First)).ToList();
        return new Page<RevisionRecord>(revisions, entries.Length > shown.Length ? PageTokens.Encode(listing, $"{TimePosition.Of(shown[^1])}") : null);
    }

    private static async Task<bool> IndexAsync(IDatabase database, RevisionName name, RedisValue task, byte[] index, DateTimeOffset createTime)
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(RedisKeys.Task(name.Task), task));
        transaction.AddCondition(RevisionContent.IsThere(name));
        _ = transaction.StringSetAsync(RedisKeys.Revision(name), index);
        _ = transaction.SortedSetAddAsync(RedisKeys.Revisions(name.Task), name.Revision, createTime.ToUnixTimeMilliseconds());
        return await transaction.ExecuteAsync();
    }

    private async Task<Stored.Revision> IndexEntryAsync(RevisionName name, CancellationToken cancellationToken)
    {
        var value = await redis.RunAsync("get revision", database => database.StringGetAsync(RedisKeys.Revision(name)), cancellationToken);
        if (!value.IsNull) return RevisionRecords.Open(value, name);
        await tasks.RequireAsync(name.Task, cancellationToken);
        throw RegistryErrors.RevisionNotFound(name);
    }

    // Null where there is none, or a damaged one: publishing heals it.
    private async Task<RevisionRecord?> ExistingAsync(RevisionName name, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(name, cancellationToken);
        }
        catch (TaskResException exception) when (exception.Reason is ErrorReason.RevisionNotFound or ErrorReason.RevisionCorrupt or ErrorReason.TaskNotFound)
        {
            return null;
        }
    }
}
