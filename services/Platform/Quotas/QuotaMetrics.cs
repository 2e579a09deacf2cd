using System.Diagnostics.Metrics;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Platform.Quotas;

internal static class QuotaMetrics
{
    private static readonly Counter<long> Refusals =
        TaskResTelemetry.Meter.CreateCounter<long>(MetricNames.QuotaRefusals, "{refusal}", "Calls refused since their tenant was over a quota.");

    public static void RecordRefusal(TenantName tenant, string quota) =>
        Refusals.Add(1, new(TagNames.Tenant, tenant.Tenant), new(TagNames.Quota, quota));
}
