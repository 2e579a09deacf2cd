using TaskRes.Core;

namespace TaskRes.Encoder.Batching;

/// <summary>The one limit on work taken in: whole calls get a slot for each of their items, or are refused.</summary>
internal sealed class QueueSlots(int capacity)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private int _taken;
    private double _secondsPerItem;

    /// <summary>Items taken in and not yet answered.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <exception cref="TaskResException">QueueFull, with the time that the present work will about take.</exception>
    public void Take(int items)
    {
        if (items > capacity)
            throw TaskResException.OverLimit("items", items, capacity, "items");
        if (Interlocked.Add(ref _taken, items) <= capacity) return;
        var waiting = Interlocked.Add(ref _taken, -items);
        throw new TaskResException(ErrorReason.QueueFull, $"{waiting} of {capacity} items wait for the encoder and {items} more do not fit: retry later.")
        {
            RetryAfter = RetryAfter(waiting),
            Metadata = new Dictionary<string, string> { ["waiting"] = $"{waiting}", ["limit"] = $"{capacity}", ["items"] = $"{items}" },
        };
    }

    public void Release() => Interlocked.Decrement(ref _taken);

    /// <summary>Learns the encoder's speed. Called by the queue's owner alone.</summary>
    public void Observe(TimeSpan compute, int items)
    {
        var seconds = compute.TotalSeconds / items;
        Volatile.Write(ref _secondsPerItem, _secondsPerItem == 0 ? seconds : (0.9 * _secondsPerItem) + (0.1 * seconds));
    }

    private TimeSpan RetryAfter(int waiting) => TimeSpan.FromSeconds(
        Math.Clamp(waiting * Volatile.Read(ref _secondsPerItem), ShortestWait.TotalSeconds, LongestWait.TotalSeconds));
}
