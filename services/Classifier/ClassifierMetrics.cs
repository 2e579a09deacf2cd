using System.Diagnostics.Metrics;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Classifier;

/// <summary>What the classifier reports on the product's meter.</summary>
internal static class ClassifierMetrics
{
    private const string ServedBy = "taskres.served_by";
    private const string Agrees = "taskres.shadow.agrees";

    private static readonly Counter<long> Classifications =
        TaskResTelemetry.Meter.CreateCounter<long>("taskres.classifier.classifications", "{image}", "Images classified, by the live revision or its canary.");

    private static readonly Counter<long> Shadows =
        TaskResTelemetry.Meter.CreateCounter<long>("taskres.classifier.shadows", "{image}", "Images that a shadow scored too, by whether its best class is the one answered.");

    public static void RecordAnswer(bool canary) => Classifications.Add(1, new KeyValuePair<string, object?>(ServedBy, canary ? "canary" : "live"));

    public static void RecordShadow(bool agrees) => Shadows.Add(1, new KeyValuePair<string, object?>(Agrees, agrees));
}
