namespace TaskRes.Encoder.Batching;

/// <summary>How long it is from one item's coming to the next one's, as of late. The queue's owner alone touches it.</summary>
internal sealed class ArrivalPace(TimeProvider time)
{
    private const double Smoothing = 0.1;

    private long? _last;
    private double? _seconds;

    /// <summary>Infinite before the second item.</summary>
    public double Seconds => _seconds ?? double.PositiveInfinity;

    /// <param name="queuedAt">The timestamp of an item's coming.</param>
    public void Observe(long queuedAt)
    {
        if (_last is { } last)
        {
            var gap = Math.Max(0, time.GetElapsedTime(last, queuedAt).TotalSeconds);
            _seconds = _seconds is { } seconds ? ((1 - Smoothing) * seconds) + (Smoothing * gap) : gap;
        }

        _last = queuedAt;
    }
}
