using TaskRes.Core;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Quotas;

/// <summary>Refusals of what is over a tenant's quota; each is counted.</summary>
internal static class QuotaErrors
{
    /// <param name="quota">As in TenantQuotas, such as <c>requests_per_second</c>.</param>
    /// <param name="unit">What is counted, such as <c>requests per second</c>.</param>
    /// <param name="retryAfter">Null where waiting alone does not help.</param>
    public static TaskResException Exceeded(TenantName tenant, string quota, int limit, string unit, string advice, TimeSpan? retryAfter)
    {
        QuotaMetrics.RecordRefusal(tenant, quota);
        return new TaskResException(ErrorReason.QuotaExceeded, $"{tenant} is over its quota of {limit} {unit}: {advice}")
        {
            Metadata = new Dictionary<string, string> { ["subject"] = $"{tenant}", ["quota"] = quota, ["limit"] = $"{limit}", ["unit"] = unit },
            RetryAfter = retryAfter,
        };
    }
}
