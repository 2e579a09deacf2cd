using System.Diagnostics;
using System.Numerics.Tensors;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using TaskRes.Core;

namespace TaskRes.Encoder.Batching;

/// <summary>
/// The way into the encoder. One owner takes what has come while it was busy, up to a batch, and waits for more only where that
/// pays: batches grow with the load, and a lone item meets no delay.
/// </summary>
internal sealed partial class BatchQueue(IOptions<EncoderOptions> options, PassCosts costs, TimeProvider time, ILogger<BatchQueue> logger)
{
    // The readiness check's image and text, one check at a time.
    private const int ProbeRoom = 2;

    // An item that is this much later than expected is not waited for any longer.
    private const double IntervalsToWait = 2;

    private readonly EncoderOptions _options = options.Value;

    // QueueSlots lets no more items in than fit; the room beyond is for probes.
    private readonly Channel<EncodeItem> _arrivals = Channel.CreateBounded<EncodeItem>(
        new BoundedChannelOptions(options.Value.QueueCapacity + ProbeRoom) { SingleReader = true });

    public static TaskResException Stopped() => new(ErrorReason.ShuttingDown, "The encoder is stopping: retry on another replica.");

    public void Post(EncodeItem item)
    {
        item.QueuedAt = time.GetTimestamp();
        if (!_arrivals.Writer.TryWrite(item)) item.Fail(Stopped());
    }

    /// <summary>Takes no more; <see cref="Run"/> returns once all that was taken is answered.</summary>
    public void Complete() => _arrivals.Writer.TryComplete();

    /// <summary>The owner's loop, on the thread that the encoder stays on: libtorch keeps a team of threads for each caller.</summary>
    public void Run(ForwardPasses passes)
    {
        var maxWait = TimeSpan.FromSeconds(_options.MaxWaitSeconds);
        var waiting = new WaitingItems(new BatchBounds(_options.MaxBatchSize, _options.MaxBatchSeconds), costs, item => item.TryDrop(time, maxWait));
        var pace = new ArrivalPace(time);
        var pixels = new float[_options.MaxBatchSize * passes.PixelsPerImage];
        do
        {
            while (Receive(waiting, pace).Take() is { Count: > 0 } batch) waiting.Settle(batch, Encode(batch, passes, pixels));
        }
        while (_arrivals.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult());
    }

    private WaitingItems Receive(WaitingItems waiting, ArrivalPace pace)
    {
        do
        {
            while (_arrivals.Reader.TryRead(out var item))
            {
                waiting.Add(item);
                if (!item.IsProbe) pace.Observe(item.QueuedAt);
            }
        }
        while (waiting.PaysToWait(pace.Seconds) && ComesWithin(IntervalsToWait * pace.Seconds));
        return waiting;
    }

    private bool ComesWithin(double seconds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), time);
        try
        {
            return _arrivals.Reader.WaitToReadAsync(patience.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Answers how long the encoder was busy with it.
    private TimeSpan Encode(List<EncodeItem> batch, ForwardPasses passes, float[] pixels)
    {
        var start = time.GetTimestamp();
        using var span = BatchSpan.Start(batch);
        try
        {
            var values = batch[0] is TextItem
                ? passes.Texts(batch.ConvertAll(item => ((TextItem)item).Ids))
                : passes.Images(Pack(batch, pixels), batch.Count);
            var compute = time.GetElapsedTime(start);
            EncoderMetrics.RecordBatch(batch, compute);
            for (var i = 0; i < batch.Count; i++) Answer(batch[i], values[i], start, compute, batch.Count);
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            // A batch's failure is its items' alone: the owner goes on, and the readiness check tells if the encoder does not.
            Log.BatchFailed(logger, batch.Count, exception);
            var error = exception as TaskResException ?? new TaskResException(ErrorReason.Internal, "The encoder failed on this batch; the service's log says more.", exception);
            foreach (var item in batch) item.Fail(error);
        }

        return time.GetElapsedTime(start);
    }

    private void Answer(EncodeItem item, float[] values, long start, TimeSpan compute, int batchSize)
    {
        if (TensorPrimitives.IsFiniteAll(values)) item.Succeed(values, time.GetElapsedTime(item.TakenAt, start), compute, batchSize);
        else item.Fail(new TaskResException(ErrorReason.FeaturesInvalid, "The encoder's embedding holds NaN or infinity: load the model with precision fp32."));
    }

    private static ReadOnlySpan<float> Pack(List<EncodeItem> batch, float[] pixels)
    {
        var length = 0;
        foreach (var item in batch)
        {
            var image = ((ImageItem)item).Pixels;
            image.CopyTo(pixels.AsSpan(length));
            length += image.Length;
        }

        return pixels.AsSpan(0, length);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "BatchFailed", Level = LogLevel.Error, Message = "A batch of {Count} items failed")]
        public static partial void BatchFailed(ILogger logger, int count, Exception exception);
    }
}
