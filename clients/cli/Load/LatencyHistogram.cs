using System.Numerics;

namespace TaskRes.Cli.Load;

/// <summary>Durations in buckets that grow with them, each within 1 % of its values, so that memory stays small however many there are.</summary>
internal sealed class LatencyHistogram
{
    // Each doubling is divided into this many.
    private const int SubBuckets = 64;
    private const int SubBits = 6;

    private readonly long[] _counts = new long[64 * SubBuckets];
    private long _count;
    private long _max;
    private long _sum;

    public long Count => Interlocked.Read(ref _count);

    public TimeSpan Max => TimeSpan.FromMicroseconds(Interlocked.Read(ref _max));

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(Interlocked.Read(ref _sum) / (double)Count);

    public void Add(TimeSpan duration)
    {
        var microseconds = Math.Max(0, (long)duration.TotalMicroseconds);
        Interlocked.Increment(ref _counts[BucketOf(microseconds)]);
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _sum, microseconds);
        for (var max = Interlocked.Read(ref _max); microseconds > max;)
            if (Interlocked.CompareExchange(ref _max, microseconds, max) is var found && found == max) break;
            else max = found;
    }

    /// <summary>The duration that this share of all does not exceed; zero where there are none.</summary>
    /// <param name="share">Above 0, up to 1.</param>
    public TimeSpan Percentile(double share)
    {
        var wanted = (long)Math.Ceiling(share * Count);
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length && wanted > 0; bucket++)
            if ((seen += Interlocked.Read(ref _counts[bucket])) >= wanted) return TimeSpan.FromMicroseconds(Math.Min(MiddleOf(bucket), Interlocked.Read(ref _max)));
        return TimeSpan.Zero;
    }

    private static int BucketOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SubBits);
        return (shift * SubBuckets) + (int)(value >> shift);
    }

    // Above the first, each shift's values lie in the upper half of twice as many buckets.
    private static double MiddleOf(int bucket)
    {
        var shift = Math.Max(0, (bucket / SubBuckets) - 1);
        return ((long)(bucket - (shift * SubBuckets)) << shift) + (((1L << shift) - 1) / 2.0);
    }
}
