using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Resources;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Tenants;

/// <summary>Makes, rotates and ends keys. A secret leaves here once, in the answer to the call that made it.</summary>
internal sealed class ApiKeys(ApiKeyStore store, TimeProvider time)
{
    private const int MaxTasks = 100;

    private static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(30);

    /// <exception cref="TaskResException">InvalidField; LimitExceeded; TenantNotFound.</exception>
    public async Task<(ApiKeyRecord Key, string Secret)> CreateAsync(TenantName tenant, ApiKey? spec, CancellationToken cancellationToken)
    {
        if (spec is null) throw TaskResException.Invalid("api_key", "it is missing.");
        var secret = ApiKeySecret.New(tenant);
        var key = new ApiKeyRecord
        {
            Name = secret.Name,
            DisplayName = DisplayNames.Parse(spec.DisplayName, "api_key.display_name"),
            Permissions = Permissions(spec.Permissions),
            Tasks = Tasks(spec.Tasks, tenant),
            ExpireTime = ExpireTime(spec),
            CreateTime = time.GetUtcNow(),
            SecretHash = secret.Hash(),
        };
        await store.CreateAsync(key, cancellationToken);
        return (key, secret.Text);
    }

    /// <exception cref="TaskResException">InvalidField; ApiKeyNotFound.</exception>
    public async Task<(ApiKeyRecord Key, string Secret)> RotateAsync(ApiKeyName name, TimeSpan overlap, CancellationToken cancellationToken)
    {
        if (overlap < TimeSpan.Zero || overlap > MaxOverlap) throw TaskResException.Invalid("overlap", $"{overlap} is out of range; give 0 to {MaxOverlap.TotalDays} days.");
        var key = await store.FindAsync(name, cancellationToken) ?? throw AccessErrors.ApiKeyNotFound(name);
        var secret = ApiKeySecret.For(name);
        var rotated = key with
        {
            SecretHash = secret.Hash(),
            PreviousSecretHash = overlap > TimeSpan.Zero ? key.SecretHash : null,
            PreviousSecretExpireTime = overlap > TimeSpan.Zero ? time.GetUtcNow() + overlap : null,
        };
        await store.ReplaceAsync(rotated, cancellationToken);
        return (rotated, secret.Text);
    }

    public Task<IReadOnlyList<ApiKeyRecord>> ListAsync(TenantName tenant, CancellationToken cancellationToken) => store.ListAsync(tenant, cancellationToken);

    /// <exception cref="TaskResException">ApiKeyNotFound.</exception>
    public Task DeleteAsync(ApiKeyName name, CancellationToken cancellationToken) => store.DeleteAsync(name, cancellationToken);

    /// <exception cref="TaskResException">InvalidField.</exception>
    public static List<Permission> Permissions(IReadOnlyCollection<Permission> permissions)
    {
        if (permissions.Count == 0) throw TaskResException.Invalid("api_key.permissions", "it is empty; give at least one of read, classify, train, admin.");
        var unfit = permissions.Where(permission => permission is Permission.Unspecified or Permission.Operate || !Enum.IsDefined(permission)).Select(permission => $"{permission}").FirstOrDefault();
        if (unfit is not null) throw TaskResException.Invalid("api_key.permissions", $"{unfit} cannot be given to a key; give some of read, classify, train, admin.");
        return [.. permissions.Distinct()];
    }

    /// <exception cref="TaskResException">InvalidField; LimitExceeded.</exception>
    public static List<TaskName> Tasks(IReadOnlyList<string> tasks, TenantName tenant)
    {
        if (tasks.Count > MaxTasks) throw TaskResException.OverLimit("api_key.tasks", tasks.Count, MaxTasks, "tasks");
        var names = tasks.Select((task, i) => TaskName.Parse(task, $"api_key.tasks[{i}]")).ToList();
        var foreign = names.FindIndex(name => name.Tenant != tenant);
        return foreign < 0 ? names : throw TaskResException.Invalid($"api_key.tasks[{foreign}]", $"{names[foreign]} is not of {tenant}.");
    }

    private DateTimeOffset? ExpireTime(ApiKey spec)
    {
        if (spec.ExpireTime is not { } expire) return null;
        try
        {
            var at = expire.ToDateTimeOffset();
            return at > time.GetUtcNow() ? at : throw TaskResException.Invalid("api_key.expire_time", $"{at:O} is not in the future.");
        }
        catch (InvalidOperationException exception)
        {
            throw new TaskResException(ErrorReason.InvalidField, "api_key.expire_time: it is not a time.", exception) { Field = "api_key.expire_time" };
        }
    }
}
