using TaskRes.V1;

namespace TaskRes.Platform.Quotas;

/// <param name="PerSecond">How many requests a second go on and on, at least 1.</param>
/// <param name="Burst">How many may come at once after a pause, at least 1.</param>
internal readonly record struct RequestRate(int PerSecond, int Burst)
{
    public static RequestRate Of(TenantQuotas quotas) => new(quotas.RequestsPerSecond, quotas.Burst);
}
