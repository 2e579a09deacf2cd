using Google.Protobuf;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Backup.Format;
using Revision = TaskRes.Core.Learning.Revision;

namespace TaskRes.Trainer.Backup;

/// <summary>
/// One task into a backup, a batch of examples or one revision at a time. It is the task of the moment at which the reading
/// began, but for what was taken away before its turn came: revisions beyond the quota, with their places in the history.
/// </summary>
internal sealed class TaskExport(RegistryRedis redis, ITaskRegistry registry, BackupWriter file)
{
    private const int ExamplesAtOnce = 64;

    public async Task WriteAsync(TaskName name, CancellationToken cancellationToken)
    {
        var task = await redis.RunAsync("back up task", database => TaskSnapshot.ReadAsync(database, name), cancellationToken);
        if (task.Record.IsNull) return;
        var record = TaskRecords.Open(task.Record, name);
        await file.WriteAsync(new Record { Task = TaskRecords.Of(record) }, cancellationToken);
        foreach (var digests in task.Examples.Chunk(ExamplesAtOnce)) await WriteExamplesAsync(record, digests, cancellationToken);
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in task.Revisions)
            if (await TryWriteAsync(name.Revision(id), cancellationToken)) written.Add(id);
        await WriteServingAsync(name, task, written, cancellationToken);
        var now = await redis.RunAsync("get task", database => database.StringGetAsync(RedisKeys.Task(name)), cancellationToken);
        await file.WriteAsync(new Record { TaskEnd = new TaskEnd { Deleted = now != task.Record } }, cancellationToken);
    }

    private async Task WriteExamplesAsync(TaskRecord task, string[] digests, CancellationToken cancellationToken)
    {
        var fields = Array.ConvertAll(digests, digest => (RedisValue)digest);
        var values = await redis.RunAsync("read examples", database => database.HashGetAsync(RedisKeys.Examples(task.Name), fields), cancellationToken);
        foreach (var (field, value) in fields.Zip(values).Where(example => !example.Second.IsNull))
            await file.WriteAsync(new Record { Example = ExampleRecords.Of(ExampleRecords.Open(field, value, task.Name), task.ClassNames.Count) }, cancellationToken);
    }

    private async Task<bool> TryWriteAsync(RevisionName name, CancellationToken cancellationToken)
    {
        if (await TryReadAsync(name, cancellationToken) is not var (record, revision)) return false;
        ReadOnlyMemory<byte> content = revision.ToSafetensors();
        await file.WriteAsync(new Record { Revision = RevisionRecords.Of(record, content.Span) }, cancellationToken);
        for (var start = 0; start < content.Length; start += BackupWriter.MaxChunkBytes)
        {
            var part = content[start..Math.Min(content.Length, start + BackupWriter.MaxChunkBytes)];
            await file.WriteAsync(new Record { RevisionPart = UnsafeByteOperations.UnsafeWrap(part) }, cancellationToken);
        }

        return true;
    }

    private async Task<(RevisionRecord Record, Revision Revision)?> TryReadAsync(RevisionName name, CancellationToken cancellationToken)
    {
        try
        {
            return (await registry.GetRevisionAsync(name, cancellationToken), await registry.ReadRevisionAsync(name, cancellationToken));
        }
        catch (TaskResException exception) when (exception.Reason is ErrorReason.RevisionNotFound or ErrorReason.TaskNotFound)
        {
            return null;
        }
    }

    private async Task WriteServingAsync(TaskName name, TaskSnapshot task, HashSet<string> written, CancellationToken cancellationToken)
    {
        var served = task.Served.Where(written.Contains).ToList();
        if (served.Count == 0) return;
        await file.WriteAsync(new Record { Served = new Served { Revisions = { served } } }, cancellationToken);
        if (task.Rollout.IsNull) return;
        var rollout = RolloutRecords.Open(task.Rollout, name);
        if (rollout.Revisions.All(revision => written.Contains(revision.Revision)))
            await file.WriteAsync(new Record { Rollout = RolloutRecords.Of(name, rollout) }, cancellationToken);
    }
}
