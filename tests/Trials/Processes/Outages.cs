using System.Diagnostics;
using Grpc.Core;
using TaskRes.Client;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trials.Processes;

/// <summary>What a client sees while a server is away, and a client that waits for its return.</summary>
internal static class Outages
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Refused for the want of a server; an unspecified reason is a connection that broke.</summary>
    public static bool IsOutage(TaskResClientException error) =>
        error.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded || error.Reason == ErrorReason.Unspecified;

    /// <summary>Calls until it is answered or refused for good.</summary>
    public static async Task<T> OutlastAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, cancellationToken))
        {
            try
            {
                return await call();
            }
            catch (TaskResClientException error) when (IsOutage(error) && Stopwatch.GetElapsedTime(start) < Limit)
            {
                // Away still.
            }
        }
    }
}
