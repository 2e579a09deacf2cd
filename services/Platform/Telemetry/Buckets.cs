using System.Diagnostics.Metrics;

namespace TaskRes.Platform.Telemetry;

/// <summary>The bounds of histograms: those that OpenTelemetry takes by itself are for milliseconds.</summary>
public static class Buckets
{
    /// <summary>Of calls and their stages, in seconds. The latency objective of services/observability/rules.yml is one of the bounds.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
    };

    /// <summary>Of jobs, in seconds.</summary>
    public static InstrumentAdvice<double> LongSeconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
    };

    /// <summary>Of items that share something.</summary>
    public static InstrumentAdvice<int> Counts { get; } = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024],
    };
}
