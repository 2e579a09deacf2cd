using System.Diagnostics.Metrics;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Telemetry;
using TaskRes.Trainer.Jobs;

namespace TaskRes.Trainer;

/// <summary>What the trainer reports on the product's meter.</summary>
internal static class TrainerMetrics
{
    private static readonly Histogram<double> JobDuration =
        TaskResTelemetry.Meter.CreateHistogram(MetricNames.TrainerJobDuration, "s", "Duration of a job's run, by how it ended.", tags: null, Buckets.LongSeconds);

    private static readonly Histogram<double> JobWait =
        TaskResTelemetry.Meter.CreateHistogram(MetricNames.TrainerJobWait, "s", "How long a job waited before it was first taken up.", tags: null, Buckets.LongSeconds);

    private static readonly Gauge<long> QueueLength =
        TaskResTelemetry.Meter.CreateGauge<long>(MetricNames.TrainerQueueLength, "{job}", "Jobs of the whole fleet that wait, and that workers have; every trainer tells the same.");

    private static readonly Counter<long> LeasesExpired =
        TaskResTelemetry.Meter.CreateCounter<long>(MetricNames.TrainerLeasesExpired, "{lease}", "Jobs put back into the queue since the lease of their worker ran out.");

    private static readonly Counter<long> Examples =
        TaskResTelemetry.Meter.CreateCounter<long>(MetricNames.TrainerExamples, "{example}", "Examples taken in, by what became of them.");

    public static void RecordJob(JobState state, TimeSpan duration) => JobDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(TagNames.JobState, $"{state}".ToLowerInvariant()));

    public static void RecordWait(TimeSpan wait) => JobWait.Record(wait.TotalSeconds);

    public static void RecordQueue(JobCounts jobs)
    {
        QueueLength.Record(jobs.Waiting, new KeyValuePair<string, object?>(TagNames.JobState, "queued"));
        QueueLength.Record(jobs.TakenUp, new KeyValuePair<string, object?>(TagNames.JobState, "running"));
    }

    /// <param name="count">0 too: a counter that comes into being with its first count looks as if it had not grown.</param>
    public static void RecordExpiredLeases(int count) => LeasesExpired.Add(count);

    public static void RecordExample(ExampleOutcome outcome) => RecordExample($"{outcome}".ToLowerInvariant());

    public static void RecordFailedExample() => RecordExample("failed");

    private static void RecordExample(string outcome) => Examples.Add(1, new KeyValuePair<string, object?>(TagNames.ExampleOutcome, outcome));
}
