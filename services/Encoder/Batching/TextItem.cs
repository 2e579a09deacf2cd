namespace TaskRes.Encoder.Batching;

/// <param name="ids">The text's token ids, start and end included.</param>
internal sealed class TextItem(int[] ids, QueueTicket? ticket, long takenAt, CancellationToken cancellationToken)
    : EncodeItem(ticket, takenAt, cancellationToken)
{
    public int[] Ids => ids;

    public override bool IsText => true;

    public override int Units => ids.Length;

    protected override QueueLoad Load => new(0, 1, ids.Length);
}
