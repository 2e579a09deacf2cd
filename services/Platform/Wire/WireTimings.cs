using TaskRes.Platform.Embeddings;
using TaskRes.V1;

namespace TaskRes.Platform.Wire;

/// <summary>Stage times as a reply carries them.</summary>
public static class WireTimings
{
    /// <param name="times">The stages.</param>
    /// <param name="total">The whole call.</param>
    public static Timings From(StageTimes times, TimeSpan total) => new()
    {
        CacheUs = Microseconds(times.Cache),
        PreprocessUs = Microseconds(times.Preprocess),
        QueueUs = Microseconds(times.Queue),
        ComputeUs = Microseconds(times.Compute),
        TotalUs = Microseconds(total),
        BatchSize = times.BatchSize,
    };

    private static long Microseconds(TimeSpan time) => (long)time.TotalMicroseconds;
}
