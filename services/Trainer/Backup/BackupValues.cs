using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Tasks;
using TaskRes.Trainer.Tenants;
using TaskRes.V1;
using AuditRecord = TaskRes.Platform.Access.AuditRecord;
using Stored = TaskRes.Platform.Registry.Stored;

namespace TaskRes.Trainer.Backup;

/// <summary>What a backup says, held to what a caller who made it all anew would be held to. All throws are InvalidField or LimitExceeded.</summary>
internal static class BackupValues
{
    private const int MaxFingerprintLength = 200;

    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static TenantRecord Tenant(Stored.Tenant stored, BackupNames names)
    {
        if (stored.Name != $"{names.Source}") throw TaskResException.Invalid("tenant.name", $"it is {stored.Name} in the backup of {names.Source}.");
        var state = (TenantState)stored.State;
        if (state is not (TenantState.Active or TenantState.Suspended)) throw TaskResException.Invalid("tenant.state", $"{stored.State} is neither active nor suspended.");
        return new TenantRecord(names.Target, DisplayNames.Parse(stored.DisplayName, "tenant.display_name"), state, Time(stored.CreateTimeUnixMs, "tenant.create_time"))
        {
            Quotas = QuotaBook.Validate(TenantQuotas.Parser.ParseFrom(stored.Quotas), "tenant.quotas"),
        };
    }

    public static ApiKeyRecord ApiKey(Stored.ApiKey stored, BackupNames names) => new()
    {
        Name = names.ApiKey(stored.Name, "api_key.name"),
        DisplayName = DisplayNames.Parse(stored.DisplayName, "api_key.display_name"),
        Permissions = ApiKeys.Permissions([.. stored.Permissions.Select(permission => (Permission)permission)]),
        Tasks = [.. ApiKeys.Tasks(stored.Tasks, names.Source).Select(task => names.Target.Task(task.Task))],
        ExpireTime = TimeOrNull(stored.ExpireTimeUnixMs, "api_key.expire_time"),
        CreateTime = Time(stored.CreateTimeUnixMs, "api_key.create_time"),
        SecretHash = Hash(stored.SecretSha256.Memory, "api_key.secret_sha256"),
        PreviousSecretHash = stored.PreviousSecretSha256.IsEmpty ? null : Hash(stored.PreviousSecretSha256.Memory, "api_key.previous_secret_sha256"),
        PreviousSecretExpireTime = TimeOrNull(stored.PreviousSecretExpireTimeUnixMs, "api_key.previous_secret_expire_time"),
    };

    /// <summary>History says what it said, whatever the tenant is called now.</summary>
    public static AuditRecord AuditRecord(Stored.AuditRecord stored) =>
        new(stored.Sequence, Time(stored.TimeUnixMs, "audit_record.time"), stored.Principal, stored.Method, stored.Resource, stored.Status);

    public static TaskRecord Task(Stored.Task stored, BackupNames names, RequestLimits limits)
    {
        var name = names.Task(stored.Name, "task.name");
        var wanted = new V1.Task { ClassNames = { stored.ClassNames }, Templates = { stored.Templates }, BaseKind = (BaseKind)stored.BaseKind };
        var spec = TaskSpec.Parse(new CreateTaskRequest { Parent = $"{name.Tenant}", TaskId = name.Task, Task = wanted }, limits);
        if (stored.EncoderFingerprint.Length is 0 or > MaxFingerprintLength)
            throw TaskResException.Invalid("task.encoder_fingerprint", $"it has {stored.EncoderFingerprint.Length} characters; it must have 1 to {MaxFingerprintLength}.");
        return new TaskRecord
        {
            Name = name,
            ClassNames = spec.ClassNames,
            Templates = spec.Templates,
            BaseKind = spec.BaseKind,
            EncoderFingerprint = stored.EncoderFingerprint,
            ZeroShotRevision = stored.ZeroShotRevision is "" ? null : RevisionId(stored.ZeroShotRevision, "task.zero_shot_revision"),
            CreateTime = Time(stored.CreateTimeUnixMs, "task.create_time"),
        };
    }

    public static string RevisionId(string id, string field) =>
        ResourceSegments.IsIdentifier(id) ? id : throw TaskResException.Invalid(field, "it is not the id of a revision.");

    public static DateTimeOffset Time(long unixMilliseconds, string field) => unixMilliseconds >= 0 && unixMilliseconds <= Latest
        ? DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds)
        : throw TaskResException.Invalid(field, $"{unixMilliseconds} is not a time in milliseconds since 1970.");

    private static DateTimeOffset? TimeOrNull(long unixMilliseconds, string field) => unixMilliseconds == 0 ? null : Time(unixMilliseconds, field);

    private static ReadOnlyMemory<byte> Hash(ReadOnlyMemory<byte> hash, string field) =>
        hash.Length == Sha256Digest.Length ? hash : throw TaskResException.Invalid(field, $"it has {hash.Length} bytes; a SHA-256 has {Sha256Digest.Length}.");
}
