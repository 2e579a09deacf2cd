using System.Diagnostics.Metrics;
using TaskRes.Encoder.Batching;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Encoder;

/// <summary>What the encoder's queue reports on the product's meter.</summary>
internal static class EncoderMetrics
{
    private const string Kind = "taskres.kind";

    private static readonly Histogram<int> BatchSize =
        TaskResTelemetry.Meter.CreateHistogram<int>("taskres.encoder.batch.size", "{item}", "Items that shared a forward pass.");

    private static readonly Histogram<double> EncodeDuration =
        TaskResTelemetry.Meter.CreateHistogram<double>("taskres.encoder.encode.duration", "s", "Duration of a forward pass.");

    public static void ObserveQueue(QueueSlots slots) =>
        TaskResTelemetry.Meter.CreateObservableGauge("taskres.encoder.queue.length", () => slots.Taken, "{item}", "Items taken in and not yet answered.");

    public static void RecordBatch(List<EncodeItem> batch, TimeSpan compute)
    {
        var kind = new KeyValuePair<string, object?>(Kind, batch[0] is TextItem ? "text" : "image");
        BatchSize.Record(batch.Count, kind);
        EncodeDuration.Record(compute.TotalSeconds, kind);
    }
}
