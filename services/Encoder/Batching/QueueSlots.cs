using System.Runtime.InteropServices;
using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;

namespace TaskRes.Encoder.Batching;

/// <summary>
/// The one limit on work taken in: whole calls get a slot for each of their items, or are refused. A tenant may hold three
/// slots for each that is left free: alone three quarters of all, and one that comes later always finds room (the dynamic
/// threshold of Choudhury and Hahne 1998). A call that would wait past its deadline is refused at once.
/// </summary>
internal sealed class QueueSlots(int capacity, PassCosts costs, TimeProvider time)
{
    private const int HeldForEachFree = 3;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<TenantName, Holding> _holdings = [];
    private int _taken;

    public int Capacity => capacity;

    /// <summary>Items taken in and not yet answered.</summary>
    public int Taken => Volatile.Read(ref _taken);

    // The most that one call may bring.
    private int MostOfOne { get; } = Math.Max(1, capacity * HeldForEachFree / (HeldForEachFree + 1));

    /// <exception cref="TaskResException">QueueFull, with the time that the present work will about take; LimitExceeded.</exception>
    public QueueTicket Take(EmbeddingCaller caller, int weight, QueueLoad load)
    {
        if (load.Items > MostOfOne) throw TaskResException.OverLimit("items", load.Items, MostOfOne, "items");
        var ticket = new QueueTicket(this, caller, weight);
        if (load.Items == 0) return ticket;
        lock (_gate)
        {
            RefuseFull(caller.Tenant, load.Items);
            RefuseLate(caller, weight);
            ref var holding = ref CollectionsMarshal.GetValueRefOrAddDefault(_holdings, caller.Tenant, out _);
            holding ??= new Holding();
            holding.Weight = weight;
            holding.Add(caller.Priority, load);
            _taken += load.Items;
        }

        return ticket;
    }

    public void Release(QueueTicket ticket, QueueLoad load)
    {
        lock (_gate)
        {
            var holding = _holdings[ticket.Caller.Tenant];
            _taken -= load.Items;
            holding.Add(ticket.Caller.Priority, -load);
            if (holding.All.Items == 0) _holdings.Remove(ticket.Caller.Tenant);
        }
    }

    private void RefuseFull(TenantName tenant, int items)
    {
        var held = _holdings.GetValueOrDefault(tenant)?.All.Items + items ?? items;
        var free = capacity - _taken - items;
        if (free >= 0 && (_taken == 0 || held <= HeldForEachFree * free)) return;
        throw new TaskResException(ErrorReason.QueueFull, $"{_taken} of {capacity} items wait for the encoder and {items} more of this tenant do not fit: retry later.")
        {
            RetryAfter = Between(_holdings.Values.Sum(holding => SecondsOf(holding.All))),
            Metadata = new Dictionary<string, string> { ["waiting"] = $"{_taken}", ["limit"] = $"{capacity}", ["items"] = $"{items}" },
        };
    }

    // What is the caller's own, and its share of the encoder, decide: others that wait do not go before it for longer.
    private void RefuseLate(EmbeddingCaller caller, int weight)
    {
        if (caller.Deadline == DateTime.MaxValue || _holdings.GetValueOrDefault(caller.Tenant) is not { } own) return;
        var weights = weight + _holdings.Values.Sum(holding => holding == own ? 0 : holding.Weight);
        var expected = Math.Min(SecondsOf(own.Before(caller.Priority)) * weights / weight, _holdings.Values.Sum(holding => SecondsOf(holding.All)));
        var left = caller.Deadline - time.GetUtcNow().UtcDateTime;
        if (expected <= left.TotalSeconds) return;
        throw new TaskResException(ErrorReason.QueueFull, FormattableString.Invariant($"The encoder is expected to be free in {expected:0.##} s, and the call waits {left.TotalSeconds:0.##} s at the most: retry later, or with a longer deadline."))
        {
            RetryAfter = Between(expected - left.TotalSeconds),
            Metadata = new Dictionary<string, string>
            {
                ["expected_wait_seconds"] = FormattableString.Invariant($"{expected:0.##}"),
                ["left_seconds"] = FormattableString.Invariant($"{left.TotalSeconds:0.##}"),
            },
        };
    }

    // As passes take now: what was slow when an item came need not be slow any more.
    private double SecondsOf(QueueLoad load) => (costs.Images.Average * load.Images) + (costs.Texts.Average * load.Tokens);

    private static TimeSpan Between(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestWait.TotalSeconds, LongestWait.TotalSeconds));

    // What a tenant has waiting or in the encoder.
    private sealed class Holding
    {
        private QueueLoad _interactive;
        private QueueLoad _bulk;

        public int Weight { get; set; }

        public QueueLoad All => _interactive + _bulk;

        /// <summary>The work that goes before a call of this priority.</summary>
        public QueueLoad Before(EmbeddingPriority priority) => priority == EmbeddingPriority.Interactive ? _interactive : All;

        public void Add(EmbeddingPriority priority, QueueLoad load)
        {
            if (priority == EmbeddingPriority.Interactive) _interactive += load;
            else _bulk += load;
        }
    }
}

/// <summary>What a call brings, or an item is.</summary>
internal readonly record struct QueueLoad(int Images, int Texts, int Tokens)
{
    public int Items => Images + Texts;

    public static QueueLoad operator +(QueueLoad a, QueueLoad b) => new(a.Images + b.Images, a.Texts + b.Texts, a.Tokens + b.Tokens);

    public static QueueLoad operator -(QueueLoad load) => new(-load.Images, -load.Texts, -load.Tokens);
}

/// <summary>What an item has of the queue: its slot, and whose it is.</summary>
internal sealed record QueueTicket(QueueSlots Slots, EmbeddingCaller Caller, int Weight)
{
    public void Release(QueueLoad load) => Slots.Release(this, load);
}
