using System.Diagnostics.Metrics;
using Grpc.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Telemetry;

/// <summary>How long calls and their stages take, and where embeddings come from.</summary>
public static class RpcMetrics
{
    // By the values of EmbeddingTier.
    private static readonly string[] Tiers = ["failed", "memory", "redis", "encoder"];

    private static readonly Histogram<double> Calls =
        TaskResTelemetry.Meter.CreateHistogram(MetricNames.RpcDuration, "s", "Duration of a call as the service saw it.", tags: null, Buckets.Seconds);

    private static readonly Histogram<double> Stages =
        TaskResTelemetry.Meter.CreateHistogram(MetricNames.RpcStageDuration, "s", "Duration of one stage of a call.", tags: null, Buckets.Seconds);

    private static readonly Counter<long> Embeddings =
        TaskResTelemetry.Meter.CreateCounter<long>(MetricNames.Embeddings, "{embedding}", "Embeddings answered, by the tier they came from.");

    /// <param name="method">Such as <c>Classify</c>.</param>
    /// <param name="times">Stages that took no time are left out.</param>
    public static void RecordStages(string method, StageTimes times)
    {
        Record(method, "cache", times.Cache);
        Record(method, "preprocess", times.Preprocess);
        Record(method, "queue", times.Queue);
        Record(method, "compute", times.Compute);
    }

    public static void RecordEmbeddings(TenantName tenant, IReadOnlyList<EmbeddingResult> results)
    {
        if (!Embeddings.Enabled) return;
        Span<int> counts = stackalloc int[Tiers.Length];
        for (var i = 0; i < results.Count; i++) counts[(int)results[i].Tier]++;
        for (var tier = 0; tier < counts.Length; tier++)
            if (counts[tier] > 0) Embeddings.Add(counts[tier], new(TagNames.Tier, Tiers[tier]), new(TagNames.Tenant, tenant.Tenant));
    }

    internal static void RecordCall(string method, StatusCode status, TimeSpan duration) =>
        Calls.Record(duration.TotalSeconds, new(TagNames.Method, method), new(TagNames.StatusCode, status.ToString()));

    private static void Record(string method, string stage, TimeSpan duration)
    {
        if (duration > TimeSpan.Zero) Stages.Record(duration.TotalSeconds, new(TagNames.Method, method), new(TagNames.Stage, stage));
    }
}
