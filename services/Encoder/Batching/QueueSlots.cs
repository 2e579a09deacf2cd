using TaskRes.Core;
using TaskRes.Platform.Resources;

namespace TaskRes.Encoder.Batching;

/// <summary>
/// The one limit on work taken in: whole calls get a slot for each of their items, or are refused. A tenant may hold three
/// slots for each that is left free: alone three quarters of all, and one that comes later always finds room (the dynamic
/// threshold of Choudhury and Hahne 1998).
/// </summary>
internal sealed class QueueSlots(int capacity)
{
    private const int HeldForEachFree = 3;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<TenantName, int> _held = [];
    private int _taken;
    private double _secondsPerItem;

    /// <summary>Items taken in and not yet answered.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>The most that one call may bring.</summary>
    public int MostOfOne { get; } = Math.Max(1, capacity * HeldForEachFree / (HeldForEachFree + 1));

    /// <exception cref="TaskResException">QueueFull, with the time that the present work will about take.</exception>
    public QueueTicket Take(TenantName tenant, int weight, int items)
    {
        if (items > MostOfOne) throw TaskResException.OverLimit("items", items, MostOfOne, "items");
        lock (_gate)
        {
            var held = _held.GetValueOrDefault(tenant) + items;
            var free = capacity - _taken - items;
            if (free < 0 || (_taken > 0 && held > HeldForEachFree * free)) throw Full(items);
            if (items > 0) _held[tenant] = held;
            _taken += items;
        }

        return new QueueTicket(this, tenant, weight);
    }

    public void Release(TenantName tenant)
    {
        lock (_gate)
        {
            _taken--;
            if (--_held[tenant] == 0) _held.Remove(tenant);
        }
    }

    /// <summary>Learns the encoder's speed. Called by the queue's owner alone.</summary>
    public void Observe(TimeSpan compute, int items)
    {
        var seconds = compute.TotalSeconds / items;
        Volatile.Write(ref _secondsPerItem, _secondsPerItem == 0 ? seconds : (0.9 * _secondsPerItem) + (0.1 * seconds));
    }

    private TaskResException Full(int items) => new(ErrorReason.QueueFull, $"{_taken} of {capacity} items wait for the encoder and {items} more of this tenant do not fit: retry later.")
    {
        RetryAfter = TimeSpan.FromSeconds(Math.Clamp(_taken * Volatile.Read(ref _secondsPerItem), ShortestWait.TotalSeconds, LongestWait.TotalSeconds)),
        Metadata = new Dictionary<string, string> { ["waiting"] = $"{_taken}", ["limit"] = $"{capacity}", ["items"] = $"{items}" },
    };
}

/// <summary>What an item has of the queue: its slot, and whose it is.</summary>
internal sealed record QueueTicket(QueueSlots Slots, TenantName Tenant, int Weight)
{
    public void Release() => Slots.Release(Tenant);
}
