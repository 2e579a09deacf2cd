using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Platform.Hosting;

/// <summary>A gauge for each dependency, from the round of checks that gRPC health is told by.</summary>
internal sealed class DependencyMetrics : IHealthCheckPublisher
{
    private static readonly Gauge<int> Ready =
        TaskResTelemetry.Meter.CreateGauge<int>(MetricNames.DependencyReady, null, "1 where the dependency is ready, 0 where it is away or its circuit open.");

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var (name, entry) in report.Entries)
            Ready.Record(entry.Status == HealthStatus.Healthy ? 1 : 0, new KeyValuePair<string, object?>(TagNames.Dependency, name));
        return Task.CompletedTask;
    }
}
