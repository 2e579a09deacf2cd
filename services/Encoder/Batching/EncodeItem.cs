using System.Diagnostics;
using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;

namespace TaskRes.Encoder.Batching;

/// <summary>The embedding of one item, or its error, and where its time went.</summary>
internal sealed record EncodeAnswer(EmbeddingResult Result, StageTimes Times);

/// <summary>One input on its way through the encoder. The stage that holds it answers it.</summary>
/// <param name="ticket">Its slot; null for a probe of the readiness check, which has none.</param>
/// <param name="takenAt">The timestamp of its coming.</param>
internal abstract class EncodeItem(QueueTicket? ticket, long takenAt, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<EncodeAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<EncodeAnswer> Answer => _answer.Task;

    public bool IsProbe => ticket is null;

    /// <summary>The call's, where calls are traced.</summary>
    public Activity? Span { get; } = Activity.Current;

    public abstract bool IsText { get; }

    /// <summary>Of work: 1 of an image, its tokens of a text.</summary>
    public abstract int Units { get; }

    protected abstract QueueLoad Load { get; }

    /// <summary>Not of a probe.</summary>
    public TenantName Tenant => ticket!.Caller.Tenant;

    /// <summary>Not of a probe.</summary>
    public EmbeddingPriority Priority => ticket!.Caller.Priority;

    /// <summary>Not of a probe.</summary>
    public int Weight => ticket!.Weight;

    /// <summary>What its tenant was charged for it when it was taken into a batch, in encoder seconds.</summary>
    public double Charged { get; set; }

    public long TakenAt => takenAt;

    /// <summary>The timestamp of its coming to the batch queue.</summary>
    public long QueuedAt { get; set; }

    /// <summary>The part of its wait that was work: decoding and preprocessing.</summary>
    public TimeSpan PreprocessTime { get; protected set; }

    /// <summary>Drops it where nobody waits for it any more or it waited too long. Stages ask before they spend time on it.</summary>
    public bool TryDrop(TimeProvider time, TimeSpan maxWait)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            Release();
            _answer.TrySetCanceled(cancellationToken);
            return true;
        }

        if (time.GetElapsedTime(takenAt) <= maxWait) return false;
        Fail(new TaskResException(ErrorReason.DeadlineExceeded, $"It waited {maxWait.TotalSeconds:0.##} s for the encoder and was dropped: retry later.")
        {
            Metadata = new Dictionary<string, string> { ["max_wait_seconds"] = $"{maxWait.TotalSeconds:0.##}" },
        });
        return true;
    }

    /// <param name="values">D values.</param>
    /// <param name="waited">From its coming to the forward pass, preprocessing included.</param>
    /// <param name="compute">The forward pass.</param>
    /// <param name="batchSize">How many shared it.</param>
    public void Succeed(float[] values, TimeSpan waited, TimeSpan compute, int batchSize) => SetAnswer(
        EmbeddingResult.Of(values, EmbeddingTier.Encoder), new StageTimes(default, PreprocessTime, waited - PreprocessTime, compute, batchSize));

    /// <summary>Does nothing to an item that has its answer.</summary>
    public void Fail(TaskResException error) => SetAnswer(EmbeddingResult.Failed(error), StageTimes.Zero with { Preprocess = PreprocessTime });

    protected virtual void Release() => ticket?.Release(Load);

    private void SetAnswer(EmbeddingResult result, StageTimes times)
    {
        if (_answer.Task.IsCompleted) return;
        // The slot first: whoever has the answer may come back at once.
        Release();
        _answer.TrySetResult(new EncodeAnswer(result, times));
    }
}
