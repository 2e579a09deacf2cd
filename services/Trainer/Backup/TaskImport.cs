using System.Buffers;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Revisions;
using TaskRes.Trainer.Tasks;
using Revision = TaskRes.Core.Learning.Revision;
using Stored = TaskRes.Platform.Registry.Stored;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Backup;

/// <summary>One task out of a backup, as its records come.</summary>
internal sealed class TaskImport(TaskRecord task, RestoringTenant tenant, ImportLimits limits)
{
    private readonly HashSet<string> _revisions = new(StringComparer.Ordinal);
    private string _lastExample = "";
    private int _examples;
    private long _lastTime;
    private string? _live;

    public TaskName Name => task.Name;

    public ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        var value = TaskRecords.Seal(task);
        return tenant.WriteAsync(transaction =>
        {
            _ = transaction.StringSetAsync(RedisKeys.Task(Name), value);
            _ = transaction.SortedSetAddAsync(RedisKeys.Tasks(Name.Tenant), Name.Task, 0);
        }, value.Length, cancellationToken);
    }

    /// <exception cref="TaskResException">InvalidField; LimitExceeded; FeaturesInvalid; RevisionCorrupt.</exception>
    public ValueTask AddExampleAsync(Stored.Example stored, CancellationToken cancellationToken)
    {
        var example = ExampleRecords.Read(stored, "the example");
        if (example.Views.Count > limits.Requests.MaxViews + 1) throw TaskResException.OverLimit("example.views", example.Views.Count, limits.Requests.MaxViews + 1, "embeddings");
        if (++_examples > limits.Requests.MaxExamplesPerTask) throw TaskResException.OverLimit("examples", _examples, limits.Requests.MaxExamplesPerTask, "examples of the task");
        var digest = $"{example.Digest}";
        if (string.CompareOrdinal(digest, _lastExample) <= 0) throw TaskResException.Invalid("example.digest", $"{digest} stands after {_lastExample}; they must come in order, and once each.");
        _lastExample = digest;
        var value = ExampleRecords.Seal(example, task.ClassNames.Count);
        return tenant.WriteAsync(transaction =>
        {
            _ = transaction.HashSetAsync(RedisKeys.Examples(Name), digest, value);
            _ = transaction.HashSetAsync(RedisKeys.Labels(Name), digest, example.ClassIndex);
        }, value.Length, cancellationToken);
    }

    /// <summary>Reads the revision's parts, checks what they are together against its hash, and reads it back once it is written.</summary>
    /// <exception cref="TaskResException">InvalidField; LimitExceeded; EncoderMismatch; RevisionCorrupt.</exception>
    public async Task AddRevisionAsync(Stored.Revision stored, BackupReader file, BackupNames names, RevisionContent contents, CancellationToken cancellationToken)
    {
        var name = names.Revision(stored.Name, Name, "revision.name");
        if (!_revisions.Add(name.Revision)) throw TaskResException.Invalid("revision.name", $"{name} occurs twice.");
        if (stored.Length > limits.MaxRevisionBytes) throw TaskResException.OverLimit("revision.length", stored.Length, limits.MaxRevisionBytes, "bytes");
        RevisionRecords.RequireSound(stored, name);
        var time = BackupValues.Time(stored.CreateTimeUnixMs, "revision.create_time").ToUnixTimeMilliseconds();
        if (time < _lastTime) throw TaskResException.Invalid("revision.create_time", "it is before that of the revision before it; they must come in order.");
        _lastTime = time;

        var content = await ReadPartsAsync(stored.Length, file, cancellationToken);
        var revision = Revision.Parse(content, $"{name}");
        if (revision.Id != name.Revision) throw TaskResException.Invalid("revision.name", $"the content's hash is {revision.Id} and its name {name.Revision}.");
        revision.RequireEncoder(task.EncoderFingerprint);
        RevisionTransfer.RequireClasses(revision, task);
        await WriteAsync(RevisionRecords.Read(stored, name), content, time, cancellationToken);
        if (await contents.ReadAsync(name, content.Length, stored.Sha256.Memory, cancellationToken) is null) throw StoredValue.Corrupt($"{name}", "a part was lost while it was written");
    }

    /// <exception cref="TaskResException">InvalidField; LimitExceeded.</exception>
    public ValueTask SetServedAsync(IReadOnlyList<string> served, CancellationToken cancellationToken)
    {
        if (served.Count > ServingStore.HistoryLength) throw TaskResException.OverLimit("served.revisions", served.Count, ServingStore.HistoryLength, "revisions");
        foreach (var id in served) RequireThere(id, "served.revisions");
        _live = served.LastOrDefault();
        var ids = served.Reverse().Select(id => (RedisValue)id).ToArray();
        return tenant.WriteAsync(transaction =>
        {
            _ = transaction.KeyDeleteAsync(RedisKeys.Live(Name));
            _ = transaction.ListRightPushAsync(RedisKeys.Live(Name), ids);
        }, ids.Length, cancellationToken);
    }

    /// <exception cref="TaskResException">InvalidField.</exception>
    public ValueTask SetRolloutAsync(Stored.Rollout stored, CancellationToken cancellationToken)
    {
        var wanted = new V1.Rollout { CanaryRevision = NameOf(stored.CanaryRevision), CanaryPercent = stored.CanaryPercent, ShadowRevision = NameOf(stored.ShadowRevision) };
        var rollout = WireRollout.Parse(wanted, Name) ?? throw TaskResException.Invalid("rollout", "it names no revision.");
        foreach (var revision in rollout.Revisions) RequireThere(revision.Revision, "rollout");
        if (rollout.Revisions.Any(revision => revision.Revision == _live)) throw TaskResException.Invalid("rollout", $"{_live} is live already.");
        var value = RolloutRecords.Seal(Name, rollout);
        return tenant.WriteAsync(transaction => _ = transaction.StringSetAsync(RedisKeys.Rollout(Name), value), value.Length, cancellationToken);

        string NameOf(string id) => id is "" ? "" : $"{Name.Revision(id)}";
    }

    private void RequireThere(string id, string field)
    {
        if (!_revisions.Contains(id)) throw TaskResException.Invalid(field, $"\"{id}\" is none of the task's revisions.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadPartsAsync(long length, BackupReader file, CancellationToken cancellationToken)
    {
        var content = new ArrayBufferWriter<byte>();
        while (content.WrittenCount < length)
        {
            var record = await file.ReadAsync(cancellationToken);
            if (!record.HasRevisionPart || record.RevisionPart.IsEmpty) throw file.Fault($"a part of a revision belongs here, which has {length} bytes: the file was altered.");
            content.Write(record.RevisionPart.Span);
        }

        return content.WrittenCount == length ? content.WrittenMemory : throw file.Fault($"the parts of the revision have {content.WrittenCount} bytes and the whole has {length}: the file was altered.");
    }

    private async Task WriteAsync(RevisionRecord record, ReadOnlyMemory<byte> content, long time, CancellationToken cancellationToken)
    {
        foreach (var (key, bytes) in RevisionContent.Split(record.Name, content))
            await tenant.WriteAsync(transaction => _ = transaction.StringSetAsync(key, bytes), bytes.Length, cancellationToken);
        var index = RevisionRecords.Seal(record, content.Span);
        await tenant.WriteAsync(transaction =>
        {
            _ = transaction.StringSetAsync(RedisKeys.Revision(record.Name), index);
            _ = transaction.SortedSetAddAsync(RedisKeys.Revisions(Name), record.Name.Revision, time);
        }, index.Length, cancellationToken);
        await tenant.FlushAsync(cancellationToken);
    }
}
