namespace TaskRes.Platform.Quotas;

/// <summary>
/// The token bucket of one process: full at first, refilled steadily, never fuller than the burst. It keeps what is spent
/// rather than what is left, so that a rate that changes holds from the next request on.
/// </summary>
internal sealed class TokenBucket(TimeProvider time)
{
    // Less than any token, more than what rounding adds up to.
    private const double Rounding = 1e-6;

    private readonly Lock _lock = new();
    private double _spent;
    private long _at = time.GetTimestamp();

    /// <returns>Zero where a token was taken, else how long it is until there is one.</returns>
    public TimeSpan TryTake(RequestRate rate)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var refilled = time.GetElapsedTime(_at, now).TotalSeconds * rate.PerSecond;
            (_spent, _at) = (Math.Clamp(_spent - refilled, 0, rate.Burst), now);
            var lacking = _spent + 1 - rate.Burst;
            if (lacking > Rounding) return TimeSpan.FromTicks((long)Math.Ceiling(lacking / rate.PerSecond * TimeSpan.TicksPerSecond));
            _spent++;
            return TimeSpan.Zero;
        }
    }
}
