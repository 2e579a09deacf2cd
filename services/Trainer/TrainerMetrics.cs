using System.Diagnostics.Metrics;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Telemetry;
using TaskRes.Trainer.Jobs;

namespace TaskRes.Trainer;

/// <summary>What the trainer reports on the product's meter.</summary>
internal static class TrainerMetrics
{
    private const string State = "taskres.job.state";
    private const string Outcome = "taskres.example.outcome";

    private static readonly Histogram<double> JobDuration =
        TaskResTelemetry.Meter.CreateHistogram<double>("taskres.trainer.job.duration", "s", "Duration of a job's run, by how it ended.");

    private static readonly Counter<long> Examples =
        TaskResTelemetry.Meter.CreateCounter<long>("taskres.trainer.examples", "{example}", "Examples taken in, by what became of them.");

    public static void RecordJob(JobState state, TimeSpan duration) => JobDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(State, $"{state}".ToLowerInvariant()));

    public static void RecordExample(ExampleOutcome outcome) => RecordExample($"{outcome}".ToLowerInvariant());

    public static void RecordFailedExample() => RecordExample("failed");

    private static void RecordExample(string outcome) => Examples.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));
}
