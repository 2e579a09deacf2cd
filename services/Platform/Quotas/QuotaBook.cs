using BitFaster.Caching.Lru;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Resources;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;

namespace TaskRes.Platform.Quotas;

/// <summary>
/// The quotas that hold for each tenant: what its record sets, and the service's defaults for the rest. What was read is
/// believed for <see cref="AccessOptions.Freshness"/>, and for as long as the registry is away.
/// </summary>
/// <param name="find">Reads a tenant's record; null where there is none, as it may be with access off.</param>
internal sealed class QuotaBook(
    Func<TenantName, CancellationToken, Task<TenantRecord?>> find, IOptions<QuotaOptions> options, IOptions<RequestLimits> limits, IOptions<AccessOptions> access, TimeProvider time)
{
    private const int Capacity = 10_000;

    private readonly ConcurrentLru<TenantName, Entry> _entries = new(Capacity);

    private readonly TenantQuotas _defaults = new()
    {
        RequestsPerSecond = options.Value.RequestsPerSecond,
        Burst = options.Value.Burst,
        ConcurrentRequests = options.Value.ConcurrentRequests,
        Tasks = options.Value.Tasks,
        ClassesPerTask = limits.Value.MaxClasses,
        ExamplesPerTask = limits.Value.MaxExamplesPerTask,
        RevisionsPerTask = options.Value.RevisionsPerTask,
        TrainingJobs = options.Value.TrainingJobs,
    };

    /// <returns>All fields set; not to be changed.</returns>
    public async ValueTask<TenantQuotas> OfAsync(TenantName tenant, CancellationToken cancellationToken)
    {
        var known = _entries.TryGet(tenant, out var entry) ? entry : null;
        if (known is not null && time.GetElapsedTime(known.At) < access.Value.Freshness) return known.Quotas;
        // One caller asks; those that come meanwhile go on with what is known.
        if (known is not null) _entries.AddOrUpdate(tenant, known with { At = time.GetTimestamp() });
        try
        {
            var record = await find(tenant, cancellationToken);
            var quotas = record is null ? _defaults : Effective(record.Quotas);
            _entries.AddOrUpdate(tenant, new Entry(quotas, time.GetTimestamp()));
            return quotas;
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.RegistryUnavailable)
        {
            // Whether the call can do without the registry is the call's own affair.
            return known?.Quotas ?? _defaults;
        }
    }

    /// <summary>Reads the tenant's quotas anew at the next call; other processes do within <see cref="AccessOptions.Freshness"/>.</summary>
    public void Forget(TenantName tenant) => _entries.TryRemove(tenant);

    /// <summary>Refuses quotas that cannot be.</summary>
    /// <exception cref="TaskResException">InvalidField.</exception>
    public static TenantQuotas Validate(TenantQuotas? quotas, string name)
    {
        if (quotas is null) return new TenantQuotas();
        foreach (var field in TenantQuotas.Descriptor.Fields.InFieldNumberOrder().Where(field => field.Accessor.HasValue(quotas)))
        {
            var (value, least) = ((int)field.Accessor.GetValue(quotas), field.FieldNumber == TenantQuotas.RevisionsPerTaskFieldNumber ? QuotaOptions.LeastRevisions : 1);
            if (value < least || value > QuotaOptions.Most)
                throw TaskResException.Invalid($"{name}.{field.Name}", $"{value} is out of range; give {least} to {QuotaOptions.Most}, or leave it out for the service's default.");
        }

        return quotas;
    }

    private TenantQuotas Effective(TenantQuotas set)
    {
        var quotas = _defaults.Clone();
        quotas.MergeFrom(set);
        quotas.ClassesPerTask = Math.Min(quotas.ClassesPerTask, _defaults.ClassesPerTask);
        quotas.ExamplesPerTask = Math.Min(quotas.ExamplesPerTask, _defaults.ExamplesPerTask);
        return quotas;
    }

    private sealed record Entry(TenantQuotas Quotas, long At);
}
