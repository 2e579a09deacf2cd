namespace TaskRes.Encoder.Batching;

/// <param name="ids">The text's token ids, start and end included.</param>
internal sealed class TextItem(int[] ids, QueueTicket? ticket, long takenAt, CancellationToken cancellationToken)
    : EncodeItem(ticket, takenAt, cancellationToken)
{
    public int[] Ids => ids;
}
