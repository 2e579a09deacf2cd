using Google.Protobuf.WellKnownTypes;
using TaskRes.Platform.Access;
using TaskRes.V1;
using AuditRecord = TaskRes.Platform.Access.AuditRecord;

namespace TaskRes.Trainer.Tenants;

/// <summary>Records as the API shows them.</summary>
internal static class TenantViews
{
    public static Tenant Of(TenantRecord tenant) => new()
    {
        Name = $"{tenant.Name}",
        DisplayName = tenant.DisplayName,
        State = tenant.State,
        CreateTime = Timestamp.FromDateTimeOffset(tenant.CreateTime),
        Quotas = tenant.Quotas,
        EmbeddingPool = tenant.EmbeddingPool,
    };

    public static ApiKey Of(ApiKeyRecord key) => new()
    {
        Name = $"{key.Name}",
        DisplayName = key.DisplayName,
        Permissions = { key.Permissions },
        Tasks = { key.Tasks.Select(task => $"{task}") },
        ExpireTime = Time(key.ExpireTime),
        CreateTime = Timestamp.FromDateTimeOffset(key.CreateTime),
        PreviousSecretExpireTime = Time(key.PreviousSecretExpireTime),
    };

    public static V1.AuditRecord Of(AuditRecord record) => new()
    {
        Time = Timestamp.FromDateTimeOffset(record.Time),
        Principal = record.Principal,
        Method = record.Method,
        Resource = record.Resource,
        Status = record.Status,
    };

    private static Timestamp? Time(DateTimeOffset? time) => time is { } at ? Timestamp.FromDateTimeOffset(at) : null;
}
