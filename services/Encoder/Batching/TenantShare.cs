using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;

namespace TaskRes.Encoder.Batching;

/// <summary>One tenant's waiting items and what it has had of the encoder. The queue's owner alone touches it.</summary>
internal sealed class TenantShare(TenantName tenant)
{
    private readonly Lane _interactive = new();
    private readonly Lane _bulk = new();

    public TenantName Tenant => tenant;

    /// <summary>Encoder seconds over weight: of two tenants that wait, the one with less goes first.</summary>
    public double Spent { get; private set; }

    public int Count => _interactive.Count + _bulk.Count;

    public bool IsIdle => Count == 0;

    /// <param name="floor">What the tenants that wait have spent at the least: having been away earns nothing.</param>
    public void Add(EncodeItem item, double floor)
    {
        if (IsIdle) Spent = Math.Max(Spent, floor);
        (item.Priority == EmbeddingPriority.Interactive ? _interactive : _bulk).Of(item.IsText).Enqueue(item);
    }

    /// <summary>Whether the item that goes first is a text: the one that has waited longest of the most urgent. Not of an idle one.</summary>
    public bool NextIsText() => (_interactive.Count > 0 ? _interactive : _bulk).NextIsText();

    public bool Has(bool texts) => _interactive.Of(texts).Count + _bulk.Of(texts).Count > 0;

    public EncodeItem Peek(bool texts) => LaneWith(texts).Of(texts).Peek();

    public EncodeItem Take(bool texts) => LaneWith(texts).Of(texts).Dequeue();

    /// <param name="seconds">Encoder time of one item; negative where too much was charged before.</param>
    /// <param name="weight">The tenant's weight, at least 1.</param>
    public void Charge(double seconds, int weight) => Spent += seconds / weight;

    private Lane LaneWith(bool texts) => _interactive.Of(texts).Count > 0 ? _interactive : _bulk;

    private sealed class Lane
    {
        private readonly Queue<EncodeItem> _images = new();
        private readonly Queue<EncodeItem> _texts = new();

        public int Count => _images.Count + _texts.Count;

        public Queue<EncodeItem> Of(bool texts) => texts ? _texts : _images;

        public bool NextIsText() => _texts.TryPeek(out var text) && (!_images.TryPeek(out var image) || text.TakenAt < image.TakenAt);
    }
}
