using Grpc.Core;

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

    /// <summary>Whether a server answered that it is not ready yet, as while it loads its model, to a client that waits for one that is.</summary>
    public static bool IsWaitedFor(TaskResClientException error, TaskResClientOptions options) =>
        options.WaitForReady && error is { StatusCode: StatusCode.Unavailable, RetryAfter: not null };

    /// <summary>Longer with every attempt without news, and no shorter than the server asked for.</summary>
    public static Task WaitAsync(int attempts, TimeSpan? retryAfter, TimeProvider time, CancellationToken cancellationToken)
    {
        var wait = Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Min(attempts, 10));
        return Task.Delay(TimeSpan.FromTicks(Math.Max(wait, retryAfter?.Ticks ?? 0)), time, cancellationToken);
    }
}
