using Grpc.Core;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Client.Calls;

/// <summary>Whether and when what found the server unavailable is tried again.</summary>
internal static class Reconnection
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <param name="error">Of the last attempt.</param>
    /// <param name="attempts">Without news.</param>
    /// <param name="options">The client's.</param>
    public static bool IsWorthwhile(TaskResClientException error, int attempts, TaskResClientOptions options) =>
        error.StatusCode == StatusCode.Unavailable && (attempts < options.MaxAttempts || IsWaitedFor(error, options));

    /// <summary>
    /// Whether a client that waits for a server found none, or one that is not ready yet, as while it loads its model. gRPC's own
    /// waiting is not enough: until the channel has noticed that a replica is gone, calls are sent to it, and refused.
    /// </summary>
    public static bool IsWaitedFor(TaskResClientException error, TaskResClientOptions options) =>
        options.WaitForReady && error is { StatusCode: StatusCode.Unavailable } and ({ RetryAfter: not null } or { Reason: ErrorReason.Unspecified });

    /// <summary>Longer with every attempt without news, and no shorter than the server asked for.</summary>
    public static Task WaitAsync(int attempts, TimeSpan? retryAfter, TimeProvider time, CancellationToken cancellationToken)
    {
        var wait = Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Min(attempts, 10));
        return Task.Delay(TimeSpan.FromTicks(Math.Max(wait, retryAfter?.Ticks ?? 0)), time, cancellationToken);
    }
}
