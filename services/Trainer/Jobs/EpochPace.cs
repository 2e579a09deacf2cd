namespace TaskRes.Trainer.Jobs;

/// <summary>How fast a job's epochs go. The first only starts the clock: before it came the reading of the examples.</summary>
internal sealed class EpochPace(TimeProvider time)
{
    private (int Epoch, long At)? _first;

    /// <summary>How long the epochs that are left will take, as they have taken until now.</summary>
    /// <param name="epoch">Epochs done, one more at each call.</param>
    /// <param name="epochs">Epochs in all.</param>
    /// <returns>Null until two are done.</returns>
    public TimeSpan? RemainingAt(int epoch, int epochs)
    {
        var (first, start) = _first ??= (epoch, time.GetTimestamp());
        return epoch > first ? time.GetElapsedTime(start) / (epoch - first) * (epochs - epoch) : null;
    }
}
