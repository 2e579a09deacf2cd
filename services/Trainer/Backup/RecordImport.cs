using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Trainer.Backup.Format;
using Stored = TaskRes.Platform.Registry.Stored;

namespace TaskRes.Trainer.Backup;

/// <summary>The records of a backup after the tenant's own, into the tenant that is made of them.</summary>
internal sealed class RecordImport(BackupReader file, RestoringTenant tenant, BackupNames names, ITaskRegistry registry, RegistryRedis redis, ImportLimits limits)
{
    private readonly RevisionContent _contents = new(redis);
    private string _lastKey = "";
    private int _keys;
    private int _keysLeftOut;
    private long _lastAudit;
    private int _audits;
    private string _lastTask = "";

    public RestoringTenant Tenant => tenant;

    /// <summary>To the end record, which says that all was as it was written.</summary>
    public async Task<(Counts Counts, int KeysLeftOut)> ReadAsync(CancellationToken cancellationToken)
    {
        while (await file.ReadAsync(cancellationToken) is { KindCase: not Record.KindOneofCase.End } record)
            switch (record.KindCase)
            {
                case Record.KindOneofCase.ApiKey:
                    await AddAsync(record.ApiKey, cancellationToken);
                    break;
                case Record.KindOneofCase.AuditRecord:
                    await AddAsync(record.AuditRecord, cancellationToken);
                    break;
                default:
                    await AddAsync(record.Task, cancellationToken);
                    break;
            }

        var counts = file.Counts;
        counts.ApiKeys -= _keysLeftOut;
        return (counts, _keysLeftOut);
    }

    private async ValueTask AddAsync(Stored.ApiKey stored, CancellationToken cancellationToken)
    {
        var key = BackupValues.ApiKey(stored, names);
        _lastKey = After(_lastKey, key.Name.Key, "api_key.name");
        if (++_keys > ApiKeyStore.MaxKeysPerTenant) throw TaskResException.OverLimit("api_keys", _keys, ApiKeyStore.MaxKeysPerTenant, "API keys");
        if (!names.KeepKeys)
        {
            _keysLeftOut++;
            return;
        }

        var value = AccessRecords.Seal(key);
        await tenant.WriteAsync(transaction =>
        {
            _ = transaction.StringSetAsync(RedisKeys.ApiKey(key.Name), value);
            _ = transaction.SortedSetAddAsync(RedisKeys.ApiKeys(tenant.Name), key.Name.Key, 0);
        }, value.Length, cancellationToken);
    }

    private ValueTask AddAsync(Stored.AuditRecord stored, CancellationToken cancellationToken)
    {
        var record = BackupValues.AuditRecord(stored);
        if (record.Sequence <= _lastAudit) throw TaskResException.Invalid("audit_record.sequence", $"{record.Sequence} stands after {_lastAudit}; they must come in order, and once each.");
        if (++_audits > AuditLog.Kept) throw TaskResException.OverLimit("audit_records", _audits, AuditLog.Kept, "audit records");
        _lastAudit = record.Sequence;
        var value = AccessRecords.Seal(record);
        return tenant.WriteAsync(transaction =>
        {
            _ = transaction.SortedSetAddAsync(RedisKeys.Audit(tenant.Name), value, record.Sequence);
            _ = transaction.StringSetAsync(RedisKeys.AuditSequence(tenant.Name), record.Sequence);
        }, value.Length, cancellationToken);
    }

    private async ValueTask AddAsync(Stored.Task stored, CancellationToken cancellationToken)
    {
        var task = new TaskImport(BackupValues.Task(stored, names, limits.Requests), tenant, limits);
        _lastTask = After(_lastTask, task.Name.Task, "task.name");
        await task.BeginAsync(cancellationToken);
        while (true)
        {
            var record = await file.ReadAsync(cancellationToken);
            switch (record.KindCase)
            {
                case Record.KindOneofCase.Example:
                    await task.AddExampleAsync(record.Example, cancellationToken);
                    break;
                case Record.KindOneofCase.Revision:
                    await task.AddRevisionAsync(record.Revision, file, names, _contents, cancellationToken);
                    break;
                case Record.KindOneofCase.Served:
                    await task.SetServedAsync(record.Served.Revisions, cancellationToken);
                    break;
                case Record.KindOneofCase.Rollout:
                    await task.SetRolloutAsync(record.Rollout, cancellationToken);
                    break;
                default:
                    await EndAsync(task, record.TaskEnd, cancellationToken);
                    return;
            }
        }
    }

    private async Task EndAsync(TaskImport task, TaskEnd end, CancellationToken cancellationToken)
    {
        await tenant.FlushAsync(cancellationToken);
        if (end.Deleted) await registry.DeleteTaskAsync(task.Name, etag: null, cancellationToken);
    }

    private static string After(string last, string next, string field) => string.CompareOrdinal(last, next) < 0
        ? next
        : throw TaskResException.Invalid(field, $"{next} stands after {last}; they must come in order, and once each.");
}
