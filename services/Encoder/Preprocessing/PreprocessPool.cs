using System.Threading.Channels;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Encoder.Batching;
using TaskRes.Platform.Embeddings;

namespace TaskRes.Encoder.Preprocessing;

/// <summary>Writes an image's pixels, 3 × side × side; TaskResException says what is wrong with the image.</summary>
internal delegate void Preprocess(ReadOnlyMemory<byte> encoded, int view, Span<float> pixels);

/// <summary>Decodes and preprocesses images on a bounded number of threads and hands them on to the batch queue.</summary>
internal sealed partial class PreprocessPool(IOptions<EncoderOptions> options, BatchQueue queue, TimeProvider time, ILogger<PreprocessPool> logger)
{
    private const int RetainedBatches = 4;

    private readonly EncoderOptions _options = options.Value;

    // QueueSlots lets no more items in than fit.
    private readonly Channel<(ImageItem Item, ImageInput Input)> _images = Channel.CreateBounded<(ImageItem, ImageInput)>(options.Value.QueueCapacity);

    private Task _workers = Task.CompletedTask;

    public void Start(Preprocess preprocess, int elements)
    {
        var pool = new PixelPool(elements, RetainedBatches * _options.MaxBatchSize);
        _workers = Task.WhenAll(Enumerable.Range(0, _options.PreprocessWorkers).Select(_ => Task.Run(() => WorkAsync(preprocess, pool))));
    }

    public void Post(ImageItem item, ImageInput input)
    {
        if (!_images.Writer.TryWrite((item, input))) item.Fail(BatchQueue.Stopped());
    }

    /// <summary>Takes no more; what was taken is handed on before this returns.</summary>
    public Task StopAsync()
    {
        _images.Writer.TryComplete();
        return _workers;
    }

    private async Task WorkAsync(Preprocess preprocess, PixelPool pool)
    {
        await foreach (var (item, input) in _images.Reader.ReadAllAsync())
            if (!item.TryDrop(time, TimeSpan.FromSeconds(_options.MaxWaitSeconds)) && TryPreprocess(item, input, preprocess, pool))
                queue.Post(item);
    }

    private bool TryPreprocess(ImageItem item, ImageInput input, Preprocess preprocess, PixelPool pool)
    {
        var start = time.GetTimestamp();
        var pixels = pool.Rent();
        try
        {
            preprocess(input.Content, input.View, pixels);
            item.SetPixels(pixels, pool, time.GetElapsedTime(start));
            return true;
        }
        catch (Exception exception)
        {
            // One image's fault is that image's alone, whatever it was.
            pool.Return(pixels);
            if (exception is not TaskResException) Log.Failed(logger, input.Digest.ToString(), exception);
            item.Fail(exception as TaskResException ?? new TaskResException(ErrorReason.Internal, "The image could not be preprocessed; the service's log says more.", exception));
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "PreprocessFailed", Level = LogLevel.Error, Message = "Image {Digest} could not be preprocessed")]
        public static partial void Failed(ILogger logger, string digest, Exception exception);
    }
}
