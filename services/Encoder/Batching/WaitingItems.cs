namespace TaskRes.Encoder.Batching;

/// <summary>The items that wait for the encoder, and which go next. The queue's owner alone touches it.</summary>
internal sealed class WaitingItems(int maxBatch, Func<EncodeItem, bool> tryDrop)
{
    private readonly Queue<EncodeItem> _probes = new();
    private readonly Queue<EncodeItem> _images = new();
    private readonly Queue<EncodeItem> _texts = new();

    public void Add(EncodeItem item) => (item.IsProbe ? _probes : item is TextItem ? _texts : _images).Enqueue(item);

    /// <summary>
    /// The next batch, of images or of texts, whichever has waited longest; a probe of the readiness check goes first, alone,
    /// so that its answer depends on nobody's input. Empty where nothing waits.
    /// </summary>
    public List<EncodeItem> Take()
    {
        var queue = _probes.Count > 0 ? _probes : Oldest();
        var limit = queue == _probes ? 1 : maxBatch;
        var batch = new List<EncodeItem>(Math.Min(limit, queue.Count));
        while (batch.Count < limit && queue.TryDequeue(out var item))
            if (!tryDrop(item)) batch.Add(item);
        return batch.Count > 0 || IsEmpty ? batch : Take();
    }

    private bool IsEmpty => _probes.Count + _images.Count + _texts.Count == 0;

    private Queue<EncodeItem> Oldest() =>
        _texts.TryPeek(out var text) && (!_images.TryPeek(out var image) || text.TakenAt < image.TakenAt) ? _texts : _images;
}
