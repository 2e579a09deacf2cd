using System.Runtime.InteropServices;
using TaskRes.Platform.Resources;

namespace TaskRes.Encoder.Batching;

/// <summary>How large a batch may be.</summary>
/// <param name="Items">At the most, at least 1.</param>
/// <param name="Seconds">That its pass is expected to take, at the most; one item goes whatever it takes.</param>
internal sealed record BatchBounds(int Items, double Seconds);

/// <summary>
/// The items that wait for the encoder, and which go next: start-time fair queueing (Goyal, Vin, Cheng 1996) over tenants.
/// While several wait, each has encoder time in the proportion of its weight, as measured and not as counted in items; what
/// one leaves unused the others have. The queue's owner alone touches it.
/// </summary>
internal sealed class WaitingItems(BatchBounds bounds, PassCosts costs, Func<EncodeItem, bool> tryDrop)
{
    private readonly Queue<EncodeItem> _probes = new();
    private readonly Dictionary<TenantName, TenantShare> _shares = [];

    // What the tenant that was served last had spent before: nobody who waits has spent less.
    private double _floor;

    public int Count => _probes.Count + _shares.Values.Sum(share => share.Count);

    public void Add(EncodeItem item)
    {
        if (item.IsProbe)
        {
            _probes.Enqueue(item);
            return;
        }

        ref var share = ref CollectionsMarshal.GetValueRefOrAddDefault(_shares, item.Tenant, out _);
        share ??= new TenantShare(item.Tenant);
        share.Add(item, _floor);
    }

    /// <summary>
    /// Whether a batch gains by waiting for one more item. That item is spared the fixed part a of a pass of its own; the n
    /// that wait for it lose the interval τ and the item's own time b, and it loses τ against a pass that begins at once:
    /// (n + 1)·τ &lt; a − n·b.
    /// </summary>
    /// <param name="interval">τ, until the next item comes; in seconds.</param>
    public bool PaysToWait(double interval)
    {
        if (_probes.Count > 0 || First(share => !share.IsIdle) is not { } first) return false;
        var (count, texts) = (Count, first.NextIsText());
        var (cost, units) = (costs.Of(texts), first.Peek(texts).Units);
        return count < bounds.Items
            && cost.SecondsOf((count + 1) * units) <= bounds.Seconds
            && (count + 1) * interval < cost.Fixed - (count * cost.PerUnit * units);
    }

    /// <summary>
    /// The next batch, of images or of texts, as the tenant wants that is served first; a probe of the readiness check goes
    /// before all, alone, so that its answer depends on nobody's input. Empty where nothing waits.
    /// </summary>
    public List<EncodeItem> Take()
    {
        var batch = new List<EncodeItem>();
        while (_probes.TryDequeue(out var probe))
        {
            if (tryDrop(probe)) continue;
            batch.Add(probe);
            return batch;
        }

        while (batch.Count == 0 && First(share => !share.IsIdle) is { } first) Fill(batch, first.NextIsText());
        ForgetIdle();
        return batch;
    }

    /// <summary>Learns what a pass took, and charges the batch's tenants that in place of what was expected.</summary>
    public void Settle(List<EncodeItem> batch, TimeSpan compute)
    {
        if (batch[0].IsProbe) return;
        var perUnit = compute.TotalSeconds / batch.Sum(item => item.Units);
        foreach (var item in batch)
            if (_shares.TryGetValue(item.Tenant, out var share)) share.Charge((perUnit * item.Units) - item.Charged, item.Weight);
        costs.Of(batch[0].IsText).Observe(batch.Count * batch.Max(item => item.Units), compute.TotalSeconds);
    }

    private void Fill(List<EncodeItem> batch, bool texts)
    {
        var cost = costs.Of(texts);
        var longest = 0;
        while (batch.Count < bounds.Items && First(share => share.Has(texts)) is { } share)
        {
            // Texts are padded to the longest of their batch.
            longest = Math.Max(longest, share.Peek(texts).Units);
            if (batch.Count > 0 && cost.SecondsOf((batch.Count + 1) * longest) > bounds.Seconds) return;
            var item = share.Take(texts);
            if (tryDrop(item)) continue;
            _floor = share.Spent;
            item.Charged = cost.Average * item.Units;
            share.Charge(item.Charged, item.Weight);
            batch.Add(item);
        }
    }

    private TenantShare? First(Func<TenantShare, bool> may) => _shares.Values.Where(may).MinBy(share => share.Spent);

    // A tenant that is away and owes nothing starts where everybody does.
    private void ForgetIdle()
    {
        var allIdle = _shares.Values.All(share => share.IsIdle);
        foreach (var share in _shares.Values.Where(share => share.IsIdle && (allIdle || share.Spent <= _floor)).ToList()) _shares.Remove(share.Tenant);
        if (_shares.Count == 0) _floor = 0;
    }
}
