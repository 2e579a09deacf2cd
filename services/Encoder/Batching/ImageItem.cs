using TaskRes.Encoder.Preprocessing;

namespace TaskRes.Encoder.Batching;

/// <summary>An image; its pixels lie in a buffer that goes back to its pool with the answer.</summary>
internal sealed class ImageItem(QueueTicket? ticket, long takenAt, CancellationToken cancellationToken)
    : EncodeItem(ticket, takenAt, cancellationToken)
{
    private PixelPool? _pool;
    private float[]? _pixels;

    /// <summary>3 × side × side, once it is preprocessed.</summary>
    public ReadOnlySpan<float> Pixels => _pixels;

    public override bool IsText => false;

    public override int Units => 1;

    protected override QueueLoad Load => new(1, 0, 0);

    /// <param name="pool">Null where the buffer is nobody's to use again.</param>
    public void SetPixels(float[] pixels, PixelPool? pool, TimeSpan preprocessTime) =>
        (_pixels, _pool, PreprocessTime) = (pixels, pool, preprocessTime);

    protected override void Release()
    {
        if (_pixels is not null) _pool?.Return(_pixels);
        _pixels = null;
        base.Release();
    }
}
