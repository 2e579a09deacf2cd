using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TaskRes.Platform.Hosting;

/// <summary>The state of what a service depends on, in a word or two: an entry of <c>/health</c>.</summary>
internal static class DependencyState
{
    public const string Ready = "ready";

    /// <summary>It gives no answer, or not a good one.</summary>
    public const string Away = "away";

    /// <summary>It failed several times in a row, and is asked now and then.</summary>
    public const string CircuitOpen = "circuit open";

    private const string Key = "state";
    private const string NotReady = "not ready";

    /// <summary>A result as bad as the dependency is needed: <see cref="Health.AddServiceHealth"/> says by whom.</summary>
    public static HealthCheckResult Of(HealthCheckContext context, string state, string description) =>
        new(context.Registration.FailureStatus, description, data: new Dictionary<string, object> { [Key] = state });

    public static string Of(HealthReportEntry entry) =>
        entry.Status == HealthStatus.Healthy ? Ready : entry.Data.TryGetValue(Key, out var state) ? $"{state}" : NotReady;

    /// <summary>Of the whole process: ready, degraded where it serves without something, or not ready.</summary>
    public static string Of(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => Ready,
        HealthStatus.Degraded => "degraded",
        _ => NotReady,
    };
}
