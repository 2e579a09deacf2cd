using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using TaskRes.AllInOne;
using TaskRes.Classifier;
using TaskRes.Classifier.Heads;
using TaskRes.Encoder;
using TaskRes.Encoder.Batching;
using TaskRes.Platform.Telemetry;
using TaskRes.Trainer;

namespace TaskRes.Services.Tests.Observability;

/// <summary>An instrument of the product's meter.</summary>
internal sealed record InstrumentRow(string Name, string Kind, string Unit, string Description)
{
    /// <summary>As Prometheus knows it; of a histogram the series that counts.</summary>
    public string PrometheusName
    {
        get
        {
            var unit = Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
            var suffix = Kind switch { "counter" => "_total", "histogram" => "_count", _ => "" };
            return $"{Name.Replace('.', '_')}{unit}{suffix}";
        }
    }
}

/// <summary>All instruments that the services make.</summary>
internal static class InstrumentList
{
    public static IReadOnlyList<InstrumentRow> All()
    {
        foreach (var type in new[] { typeof(TaskResTelemetry), typeof(EncoderMetrics), typeof(TrainerMetrics), typeof(ClassifierMetrics), typeof(StorageMetrics) }.SelectMany(type => type.Assembly.GetTypes()))
            if (type.Name.EndsWith("Metrics", StringComparison.Ordinal) || type.Name == "RedisCall") RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        EncoderMetrics.ObserveQueue(new QueueSlots(1, new PassCosts(), TimeProvider.System));
        ClassifierMetrics.ObserveTasks(new ResidentTasks(1, 1));
        StorageMetrics.Observe(AppContext.BaseDirectory);

        var found = new List<InstrumentRow>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter == TaskResTelemetry.Meter) found.Add(RowOf(instrument));
            },
        };
        listener.Start();
        return [.. found.Distinct().OrderBy(row => row.Name, StringComparer.Ordinal)];
    }

    private static InstrumentRow RowOf(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        var kind = type[..type.IndexOf('`', StringComparison.Ordinal)].Replace("Observable", "", StringComparison.Ordinal).ToLowerInvariant();
        return new InstrumentRow(instrument.Name, kind, instrument.Unit ?? "", instrument.Description ?? "");
    }
}
