namespace TaskRes.Client.Calls;

/// <summary>The wait before a broken stream is opened again.</summary>
internal static class Reconnection
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <param name="attempts">Those without news so far.</param>
    public static Task WaitAsync(int attempts, TimeProvider time, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Min(attempts, 10))), time, cancellationToken);
}
