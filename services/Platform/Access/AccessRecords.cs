using Google.Protobuf;
using StackExchange.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.V1;
using Stored = TaskRes.Platform.Registry.Stored;

namespace TaskRes.Platform.Access;

/// <summary>A tenant as stored.</summary>
public sealed record TenantRecord(TenantName Name, string DisplayName, TenantState State, DateTimeOffset CreateTime)
{
    /// <summary>What was set for the tenant; a field that is unset is the service's default.</summary>
    public TenantQuotas Quotas { get; init; } = new();

    /// <summary>Names the import that makes the tenant; empty once it is made.</summary>
    public string RestoreId { get; init; } = "";

    /// <summary>Private or Shared.</summary>
    public EmbeddingPool EmbeddingPool { get; init; } = EmbeddingPool.Private;
}

/// <summary>A key as stored: of its secrets only the hashes.</summary>
public sealed record ApiKeyRecord
{
    public required ApiKeyName Name { get; init; }

    public required string DisplayName { get; init; }

    public required IReadOnlyList<Permission> Permissions { get; init; }

    /// <summary>Empty means all tasks of the tenant.</summary>
    public required IReadOnlyList<TaskName> Tasks { get; init; }

    /// <summary>Null where it never ends.</summary>
    public required DateTimeOffset? ExpireTime { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    /// <summary>SHA-256, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> SecretHash { get; init; }

    /// <summary>Of the secret before the last rotation; null where there is none.</summary>
    public ReadOnlyMemory<byte>? PreviousSecretHash { get; init; }

    public DateTimeOffset? PreviousSecretExpireTime { get; init; }
}

/// <summary>One call that changed something, or tried to.</summary>
public sealed record AuditRecord(long Sequence, DateTimeOffset Time, string Principal, string Method, string Resource, string Status);

/// <summary>The records as they lie in Redis.</summary>
internal static class AccessRecords
{
    public static byte[] Seal(TenantRecord tenant) => StoredValue.Seal(Of(tenant));

    public static Stored.Tenant Of(TenantRecord tenant) => new()
    {
        Name = $"{tenant.Name}",
        DisplayName = tenant.DisplayName,
        State = (int)tenant.State,
        CreateTimeUnixMs = tenant.CreateTime.ToUnixTimeMilliseconds(),
        Quotas = tenant.Quotas.ToByteString(),
        RestoreId = tenant.RestoreId,
        EmbeddingPool = (int)tenant.EmbeddingPool,
    };

    public static TenantRecord Open(RedisValue value, TenantName name)
    {
        var stored = StoredValue.Open(value, Stored.Tenant.Parser, $"{name}");
        if (stored.Name != $"{name}") throw StoredValue.Corrupt($"{name}", $"it is of {stored.Name}");
        return new TenantRecord(name, stored.DisplayName, (TenantState)stored.State, DateTimeOffset.FromUnixTimeMilliseconds(stored.CreateTimeUnixMs))
        {
            Quotas = TenantQuotas.Parser.ParseFrom(stored.Quotas),
            RestoreId = stored.RestoreId,
            // What says anything else shares nothing.
            EmbeddingPool = (EmbeddingPool)stored.EmbeddingPool == EmbeddingPool.Shared ? EmbeddingPool.Shared : EmbeddingPool.Private,
        };
    }

    public static byte[] Seal(ApiKeyRecord key) => StoredValue.Seal(Of(key));

    public static Stored.ApiKey Of(ApiKeyRecord key)
    {
        var stored = new Stored.ApiKey
        {
            Name = $"{key.Name}",
            DisplayName = key.DisplayName,
            Permissions = { key.Permissions.Select(permission => (int)permission) },
            Tasks = { key.Tasks.Select(task => $"{task}") },
            ExpireTimeUnixMs = key.ExpireTime?.ToUnixTimeMilliseconds() ?? 0,
            CreateTimeUnixMs = key.CreateTime.ToUnixTimeMilliseconds(),
            SecretSha256 = ByteString.CopyFrom(key.SecretHash.Span),
            PreviousSecretExpireTimeUnixMs = key.PreviousSecretExpireTime?.ToUnixTimeMilliseconds() ?? 0,
        };
        if (key.PreviousSecretHash is { } previous) stored.PreviousSecretSha256 = ByteString.CopyFrom(previous.Span);
        return stored;
    }

    public static ApiKeyRecord Open(RedisValue value, ApiKeyName name)
    {
        var stored = StoredValue.Open(value, Stored.ApiKey.Parser, $"{name}");
        if (stored.Name != $"{name}") throw StoredValue.Corrupt($"{name}", $"it is of {stored.Name}");
        return new ApiKeyRecord
        {
            Name = name,
            DisplayName = stored.DisplayName,
            Permissions = [.. stored.Permissions.Select(permission => (Permission)permission)],
            Tasks = [.. stored.Tasks.Select(task => TaskName.Parse(task, "tasks"))],
            ExpireTime = Time(stored.ExpireTimeUnixMs),
            CreateTime = DateTimeOffset.FromUnixTimeMilliseconds(stored.CreateTimeUnixMs),
            SecretHash = stored.SecretSha256.Memory,
            PreviousSecretHash = stored.PreviousSecretSha256.IsEmpty ? null : stored.PreviousSecretSha256.Memory,
            PreviousSecretExpireTime = Time(stored.PreviousSecretExpireTimeUnixMs),
        };
    }

    public static byte[] Seal(AuditRecord record) => StoredValue.Seal(Of(record));

    public static Stored.AuditRecord Of(AuditRecord record) => new()
    {
        Sequence = record.Sequence,
        TimeUnixMs = record.Time.ToUnixTimeMilliseconds(),
        Principal = record.Principal,
        Method = record.Method,
        Resource = record.Resource,
        Status = record.Status,
    };

    public static AuditRecord Open(RedisValue value)
    {
        var stored = StoredValue.Open(value, Stored.AuditRecord.Parser, "an audit record");
        return new AuditRecord(
            stored.Sequence, DateTimeOffset.FromUnixTimeMilliseconds(stored.TimeUnixMs), stored.Principal, stored.Method, stored.Resource, stored.Status);
    }

    private static DateTimeOffset? Time(long unixMilliseconds) => unixMilliseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds);
}
