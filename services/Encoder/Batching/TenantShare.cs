using TaskRes.Platform.Resources;

namespace TaskRes.Encoder.Batching;

/// <summary>One tenant's waiting items and what it has had of the encoder. The queue's owner alone touches it.</summary>
internal sealed class TenantShare(TenantName tenant)
{
    private readonly Queue<EncodeItem> _images = new();
    private readonly Queue<EncodeItem> _texts = new();

    public TenantName Tenant => tenant;

    /// <summary>Encoder seconds over weight: of two tenants that wait, the one with less goes first.</summary>
    public double Spent { get; private set; }

    public bool IsIdle => _images.Count + _texts.Count == 0;

    /// <param name="floor">What the tenants that wait have spent at the least: having been away earns nothing.</param>
    public void Add(EncodeItem item, double floor)
    {
        if (IsIdle) Spent = Math.Max(Spent, floor);
        QueueOf(item is TextItem).Enqueue(item);
    }

    /// <summary>Whether the item that has waited longest is a text. Not of an idle one.</summary>
    public bool NextIsText() =>
        _texts.TryPeek(out var text) && (!_images.TryPeek(out var image) || text.TakenAt < image.TakenAt);

    public bool Has(bool texts) => QueueOf(texts).Count > 0;

    public EncodeItem Take(bool texts) => QueueOf(texts).Dequeue();

    /// <param name="seconds">Encoder time of one item; negative where too much was charged before.</param>
    /// <param name="weight">The tenant's weight, at least 1.</param>
    public void Charge(double seconds, int weight) => Spent += seconds / weight;

    private Queue<EncodeItem> QueueOf(bool texts) => texts ? _texts : _images;
}
