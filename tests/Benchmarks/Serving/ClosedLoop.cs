using System.Diagnostics;

namespace TaskRes.Benchmarks.Serving;

/// <summary>Callers that each make their next call when the one before it has ended.</summary>
internal static class ClosedLoop
{
    /// <summary>Calls in a second.</summary>
    /// <param name="callers">Calls in flight.</param>
    /// <param name="call">Makes the n-th call, n from 0.</param>
    public static async Task<double> RunAsync(int callers, TimeSpan duration, Func<long, Task> call)
    {
        long calls = 0;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < duration) await call(Interlocked.Increment(ref calls) - 1);
        })));
        return calls / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
