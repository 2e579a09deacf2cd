using System.Diagnostics.Metrics;
using TaskRes.Classifier.Heads;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Classifier;

/// <summary>What the classifier reports on the product's meter.</summary>
internal static class ClassifierMetrics
{
    private static readonly Counter<long> Classifications =
        TaskResTelemetry.Meter.CreateCounter<long>(MetricNames.Classifications, "{image}", "Images classified, by the live revision or its canary.");

    private static readonly Counter<long> Shadows =
        TaskResTelemetry.Meter.CreateCounter<long>(MetricNames.Shadows, "{image}", "Images that a shadow scored too, by whether its best class is the one answered.");

    public static void ObserveTasks(ResidentTasks tasks)
    {
        TaskResTelemetry.Meter.CreateObservableGauge(MetricNames.ResidentTasks, () => tasks.Count, "{task}", "Tasks whose heads are in memory.");
        TaskResTelemetry.Meter.CreateObservableGauge(MetricNames.ResidentBytes, () => tasks.Bytes, "By", "Memory of the heads of all tasks in memory.");
    }

    public static void RecordAnswer(bool canary) => Classifications.Add(1, new KeyValuePair<string, object?>(TagNames.ServedBy, canary ? "canary" : "live"));

    public static void RecordShadow(bool agrees) => Shadows.Add(1, new KeyValuePair<string, object?>(TagNames.ShadowAgrees, agrees));
}
