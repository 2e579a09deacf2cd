namespace TaskRes.Encoder.Batching;

/// <param name="ids">The text's token ids, start and end included.</param>
internal sealed class TextItem(int[] ids, QueueSlots? slots, long takenAt, CancellationToken cancellationToken)
    : EncodeItem(slots, takenAt, cancellationToken)
{
    public int[] Ids => ids;
}
