using System.Diagnostics.Metrics;
using TaskRes.Encoder.Batching;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Encoder;

/// <summary>What the encoder's queue reports on the product's meter.</summary>
internal static class EncoderMetrics
{
    private static readonly Histogram<int> BatchSize =
        TaskResTelemetry.Meter.CreateHistogram(MetricNames.EncoderBatchSize, "{item}", "Items that shared a forward pass.", tags: null, Buckets.Counts);

    private static readonly Histogram<double> EncodeDuration =
        TaskResTelemetry.Meter.CreateHistogram(MetricNames.EncoderEncodeDuration, "s", "Duration of a forward pass.", tags: null, Buckets.Seconds);

    private static readonly Counter<double> Time =
        TaskResTelemetry.Meter.CreateCounter<double>(MetricNames.EncoderTime, "s", "Time of forward passes, by the tenant that it was spent on.");

    public static void ObserveQueue(QueueSlots slots)
    {
        TaskResTelemetry.Meter.CreateObservableGauge(MetricNames.EncoderQueueLength, () => slots.Taken, "{item}", "Items taken in and not yet answered.");
        TaskResTelemetry.Meter.CreateObservableGauge(MetricNames.EncoderQueueCapacity, () => slots.Capacity, "{item}", "Items that are taken in before calls are refused.");
    }

    public static void RecordBatch(List<EncodeItem> batch, TimeSpan compute)
    {
        var kind = new KeyValuePair<string, object?>(TagNames.Kind, batch[0].IsText ? "text" : "image");
        BatchSize.Record(batch.Count, kind);
        EncodeDuration.Record(compute.TotalSeconds, kind);
        if (!Time.Enabled) return;
        var perUnit = compute.TotalSeconds / batch.Sum(item => item.Units);
        foreach (var item in batch)
            if (!item.IsProbe) Time.Add(perUnit * item.Units, kind, new(TagNames.Tenant, item.Tenant.Tenant));
    }
}
