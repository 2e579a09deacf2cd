using System.Runtime.InteropServices;
using TaskRes.Platform.Resources;

namespace TaskRes.Encoder.Batching;

/// <summary>
/// The items that wait for the encoder, and which go next: start-time fair queueing (Goyal, Vin, Cheng 1996) over tenants.
/// While several wait, each has encoder time in the proportion of its weight, as measured and not as counted in items; what
/// one leaves unused the others have. The queue's owner alone touches it.
/// </summary>
internal sealed class WaitingItems(int maxBatch, Func<EncodeItem, bool> tryDrop)
{
    private const double Smoothing = 0.1;

    private readonly Queue<EncodeItem> _probes = new();
    private readonly Dictionary<TenantName, TenantShare> _shares = [];

    // Encoder seconds for one image and for one text, as measured of late.
    private double _imageSeconds;
    private double _textSeconds;

    // What the tenant that was served last had spent before: nobody who waits has spent less.
    private double _floor;

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

    /// <summary>Charges the batch's tenants what it took in place of what was expected.</summary>
    public void Settle(List<EncodeItem> batch, TimeSpan compute)
    {
        if (batch[0].IsProbe) return;
        ref var expected = ref SecondsOf(batch[0] is TextItem);
        var actual = compute.TotalSeconds / batch.Count;
        foreach (var item in batch)
            if (_shares.TryGetValue(item.Tenant, out var share)) share.Charge(actual - item.Charged, item.Weight);
        expected = expected == 0 ? actual : ((1 - Smoothing) * expected) + (Smoothing * actual);
    }

    private void Fill(List<EncodeItem> batch, bool texts)
    {
        while (batch.Count < maxBatch && First(share => share.Has(texts)) is { } share)
        {
            var item = share.Take(texts);
            if (tryDrop(item)) continue;
            _floor = share.Spent;
            item.Charged = SecondsOf(texts);
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

    private ref double SecondsOf(bool texts) => ref texts ? ref _textSeconds : ref _imageSeconds;
}
