using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Platform.Redis;

/// <summary>
/// How full the registry's servers are and whether they can write to their disks, as they themselves say with each round of
/// health checks. A server that does not tell leaves its gauges out.
/// </summary>
internal sealed class RegistryMetrics(RegistryRedis redis) : IHealthCheckPublisher
{
    private static readonly Gauge<long> Memory =
        TaskResTelemetry.Meter.CreateGauge<long>(MetricNames.RegistryMemory, "By", "Memory that a server of the registry uses.");

    private static readonly Gauge<long> MemoryLimit =
        TaskResTelemetry.Meter.CreateGauge<long>(MetricNames.RegistryMemoryLimit, "By", "Its maxmemory, beyond which it takes no writes; 0 where it has none.");

    private static readonly Gauge<int> Writable =
        TaskResTelemetry.Meter.CreateGauge<int>(MetricNames.RegistryWritable, null, "1 where the last write of its append-only file succeeded, 0 where its disk is full or broken.");

    public async Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        if (!report.Entries.TryGetValue(Hosting.HealthTags.Registry, out var registry) || registry.Status != HealthStatus.Healthy) return;
        try
        {
            await redis.RunAsync("info", ReadAsync, cancellationToken);
        }
        catch (TaskResException)
        {
            // Logged where it arose.
        }
    }

    private static async Task<bool> ReadAsync(IConnectionMultiplexer multiplexer)
    {
        foreach (var server in multiplexer.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
        {
            var info = (await server.InfoAsync()).SelectMany(section => section).DistinctBy(line => line.Key).ToDictionary();
            var tag = new KeyValuePair<string, object?>(TagNames.Server, server.EndPoint.ToString());
            if (Number(info, "used_memory") is { } used) Memory.Record(used, tag);
            if (Number(info, "maxmemory") is { } limit) MemoryLimit.Record(limit, tag);
            if (info.TryGetValue("aof_last_write_status", out var status)) Writable.Record(status == "ok" ? 1 : 0, tag);
        }

        return true;
    }

    private static long? Number(Dictionary<string, string> info, string name) =>
        info.TryGetValue(name, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
