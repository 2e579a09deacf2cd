using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TaskRes.Platform.Telemetry;

/// <summary>One call to Redis as a span and a measured duration: the driver reports neither.</summary>
internal static class RedisCall
{
    private static readonly Histogram<double> Durations =
        TaskResTelemetry.Meter.CreateHistogram(MetricNames.RedisDuration, "s", "Duration of a call to Redis.", tags: null, Buckets.Seconds);

    /// <param name="role">cache or registry.</param>
    /// <param name="operation">What the call does, such as <c>publish</c>; never a key, since those hold names of tenants.</param>
    public static async Task<T> RunAsync<T>(string role, string operation, Func<Task<T>> call)
    {
        using var activity = TaskResTelemetry.Activities.StartActivity($"redis {operation}", ActivityKind.Client);
        activity?.SetTag(TagNames.RedisRole, role);
        var start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            return await call();
        }
        catch (Exception exception)
        {
            error = exception.GetType().Name;
            activity?.SetStatus(ActivityStatusCode.Error, error);
            throw;
        }
        finally
        {
            Durations.Record(
                Stopwatch.GetElapsedTime(start).TotalSeconds, new(TagNames.RedisRole, role), new(TagNames.Operation, operation), new(TagNames.ErrorType, error));
        }
    }
}
