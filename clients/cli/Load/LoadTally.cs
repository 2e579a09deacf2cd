using System.Collections.Concurrent;
using TaskRes.V1;

namespace TaskRes.Cli.Load;

/// <summary>What came of a load's requests.</summary>
internal sealed class LoadTally
{
    private long _cache;
    private long _preprocess;
    private long _queue;
    private long _compute;
    private long _total;

    /// <summary>Of the requests that were answered, from when they were due.</summary>
    public LatencyHistogram Latencies { get; } = new();

    public ConcurrentDictionary<string, long> Errors { get; } = new();

    public ConcurrentDictionary<CacheTier, long> Tiers { get; } = new();

    public long Failed => Errors.Values.Sum();

    public void Answered(TimeSpan latency, Timings timings, CacheTier tier)
    {
        Latencies.Add(latency);
        Interlocked.Add(ref _cache, timings.CacheUs);
        Interlocked.Add(ref _preprocess, timings.PreprocessUs);
        Interlocked.Add(ref _queue, timings.QueueUs);
        Interlocked.Add(ref _compute, timings.ComputeUs);
        Interlocked.Add(ref _total, timings.TotalUs);
        Tiers.AddOrUpdate(tier, 1, (_, count) => count + 1);
    }

    public void Refused(string reason) => Errors.AddOrUpdate(reason, 1, (_, count) => count + 1);

    /// <summary>Where an answer's time went on the average, in milliseconds; what is not the last call's on the service is the network's, the client's and that of asking by digest.</summary>
    public LoadSplit Split() => new(
        Mean(_cache),
        Mean(_preprocess),
        Mean(_queue),
        Mean(_compute),
        Math.Max(0, Mean(_total - _cache - _preprocess - _queue - _compute)),
        Math.Max(0, Latencies.Mean.TotalMilliseconds - Mean(_total)));

    private double Mean(long microseconds) => microseconds / 1000.0 / Math.Max(1, Latencies.Count);
}

/// <summary>In milliseconds.</summary>
internal sealed record LoadSplit(double Cache, double Preprocess, double Queue, double Compute, double OtherOfService, double Network);
