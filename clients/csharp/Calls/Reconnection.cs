namespace TaskRes.Client.Calls;

/// <summary>The wait before a broken stream is opened again.</summary>
internal static class Reconnection
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>Longer with every attempt without news, and no shorter than the server asked for.</summary>
    public static Task WaitAsync(int attempts, TimeSpan? retryAfter, TimeProvider time, CancellationToken cancellationToken)
    {
        var wait = Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Min(attempts, 10));
        return Task.Delay(TimeSpan.FromTicks(Math.Max(wait, retryAfter?.Ticks ?? 0)), time, cancellationToken);
    }
}
