using TaskRes.Core;
using TaskRes.Core.Images;
using TaskRes.Encoder.Batching;
using TaskRes.Encoder.Model;
using TaskRes.Encoder.Preprocessing;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Usage;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Encoder;

/// <summary>The encoder itself: images through the preprocessing pool, texts through the tokenizer, both through the batch queue.</summary>
internal sealed class LocalEmbedder(ModelThread model, PreprocessPool preprocessing, BatchQueue queue, QueueSlots slots, QuotaBook quotas, UsageLedger usage, TimeProvider time) : IEmbedder
{
    private static readonly TimeSpan LoadingRetry = TimeSpan.FromSeconds(1);

    /// <exception cref="TaskResException">EncoderUnavailable, until the model is loaded.</exception>
    public LoadedModel Loaded() => model.Model
        ?? throw new TaskResException(ErrorReason.EncoderUnavailable, "The model is still loading: retry later.") { RetryAfter = LoadingRetry };

    public ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken) => new(Loaded().Description);

    public async Task<EmbeddingBatch> EmbedAsync(EmbeddingCaller caller, IReadOnlyList<EmbeddingInput> inputs, CancellationToken cancellationToken)
    {
        var loaded = Loaded();
        var errors = new TaskResException?[inputs.Count];
        var tokens = new int[]?[inputs.Count];
        var quota = await quotas.OfAsync(caller.Tenant, cancellationToken);
        for (var i = 0; i < inputs.Count; i++) errors[i] = Check(inputs[i], caller.Tenant, quota, loaded, out tokens[i]);

        var ticket = slots.Take(caller, quota.EncoderWeight, LoadOf(errors, tokens));
        var answers = new Task<EncodeAnswer>[inputs.Count];
        for (var i = 0; i < inputs.Count; i++)
            answers[i] = errors[i] is { } error ? Failed(error) : Post(inputs[i], tokens[i], ticket, cancellationToken);

        // The caller need not wait until the queue comes upon what it cancelled.
        var answered = await Task.WhenAll(answers).WaitAsync(cancellationToken);
        usage.Add(caller.Tenant, UsageCount.EncoderMicroseconds, TimeSpan.FromTicks(answered.Sum(answer => answer.Times.Compute.Ticks / Math.Max(1, answer.Times.BatchSize))));
        // Not the item's fault, and no answer to it: another replica has one.
        if (answered.FirstOrDefault(answer => answer.Result.Error is { Reason: ErrorReason.ShuttingDown }) is { } stopped) throw stopped.Result.Error!;
        return new EmbeddingBatch(Array.ConvertAll(answered, answer => answer.Result), answered.Aggregate(StageTimes.Zero, (times, answer) => times.Beside(answer.Times)));
    }

    private static QueueLoad LoadOf(TaskResException?[] errors, int[]?[] tokens)
    {
        var texts = tokens.OfType<int[]>().ToArray();
        return new QueueLoad(errors.Count(error => error is null) - texts.Length, texts.Length, texts.Sum(ids => ids.Length));
    }

    private static TaskResException? Check(EmbeddingInput input, TenantName tenant, TenantQuotas quota, LoadedModel loaded, out int[]? tokens)
    {
        tokens = null;
        try
        {
            if (input is TextInput text) tokens = loaded.Tokenize(text.Text);
            else if (input is ImageInput image) return Check(image, tenant, quota, loaded);
            return null;
        }
        catch (TaskResException exception)
        {
            return exception;
        }
    }

    private static TaskResException? Check(ImageInput image, TenantName tenant, TenantQuotas quota, LoadedModel loaded)
    {
        if (image.Content.IsEmpty) return EmbeddingErrors.BytesRequired(image.Digest);
        if (image.Content.Length > quota.ImageBytes) return QuotaErrors.Exceeded(tenant, "image_bytes", quota.ImageBytes, "bytes of one image", "send a smaller file.", retryAfter: null);
        // The header is read twice only where the tenant's quota is the narrower one.
        return quota.ImagePixels < loaded.Limits.MaxPixels && ImageHeader.CountPixels(image.Content) > quota.ImagePixels
            ? QuotaErrors.Exceeded(tenant, "image_pixels", quota.ImagePixels, "pixels of one image", "send a smaller one.", retryAfter: null)
            : null;
    }

    private Task<EncodeAnswer> Post(EmbeddingInput input, int[]? tokens, QueueTicket ticket, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        if (input is ImageInput image)
        {
            var item = new ImageItem(ticket, now, cancellationToken);
            preprocessing.Post(item, image);
            return item.Answer;
        }

        var text = new TextItem(tokens!, ticket, now, cancellationToken);
        queue.Post(text);
        return text.Answer;
    }

    private static Task<EncodeAnswer> Failed(TaskResException error) => Task.FromResult(new EncodeAnswer(EmbeddingResult.Failed(error), StageTimes.Zero));
}
