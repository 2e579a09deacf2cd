using System.Runtime.CompilerServices;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Resources;
using TaskRes.V1;

namespace TaskRes.Platform.Quotas;

/// <summary>The quotas that hold for each tenant: what its record sets, and the service's defaults for the rest.</summary>
internal sealed class QuotaBook(TenantBook tenants, IOptions<QuotaOptions> options, IOptions<RequestLimits> limits)
{
    private readonly ConditionalWeakTable<TenantRecord, TenantQuotas> _effective = [];

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
        EncoderWeight = options.Value.EncoderWeight,
        ImageBytes = Math.Min(options.Value.ImageBytes, limits.Value.MaxImageBytes),
        ImagePixels = options.Value.ImagePixels,
    };

    /// <returns>All fields set; not to be changed.</returns>
    public async ValueTask<TenantQuotas> OfAsync(TenantName tenant, CancellationToken cancellationToken) =>
        await tenants.FindAsync(tenant, cancellationToken) is { } record ? _effective.GetValue(record, known => Effective(known.Quotas)) : _defaults;

    /// <summary>Refuses quotas that cannot be.</summary>
    /// <exception cref="TaskResException">InvalidField.</exception>
    public static TenantQuotas Validate(TenantQuotas? quotas, string name)
    {
        if (quotas is null) return new TenantQuotas();
        foreach (var field in TenantQuotas.Descriptor.Fields.InFieldNumberOrder().Where(field => field.Accessor.HasValue(quotas)))
        {
            var (value, (least, most)) = ((int)field.Accessor.GetValue(quotas), RangeOf(field));
            if (value < least || value > most)
                throw TaskResException.Invalid($"{name}.{field.Name}", $"{value} is out of range; give {least} to {most}, or leave it out for the service's default.");
        }

        return quotas;
    }

    private static (int Least, int Most) RangeOf(FieldDescriptor quota) => quota.FieldNumber switch
    {
        TenantQuotas.RevisionsPerTaskFieldNumber => (QuotaOptions.LeastRevisions, QuotaOptions.Most),
        TenantQuotas.ImageBytesFieldNumber => (1, RequestLimits.MaxMessageBytes),
        TenantQuotas.ImagePixelsFieldNumber => (1, QuotaOptions.MostPixels),
        _ => (1, QuotaOptions.Most),
    };

    private TenantQuotas Effective(TenantQuotas set)
    {
        var quotas = _defaults.Clone();
        quotas.MergeFrom(set);
        quotas.ClassesPerTask = Math.Min(quotas.ClassesPerTask, _defaults.ClassesPerTask);
        quotas.ImageBytes = Math.Min(quotas.ImageBytes, _defaults.ImageBytes);
        quotas.ExamplesPerTask = Math.Min(quotas.ExamplesPerTask, _defaults.ExamplesPerTask);
        return quotas;
    }
}
