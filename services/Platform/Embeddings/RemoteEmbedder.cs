using Grpc.Core;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Circuits;
using TaskRes.Platform.Errors;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;

namespace TaskRes.Platform.Embeddings;

/// <summary>The Encoder service as an embedder. Its model is asked once, and again when a reply names another.</summary>
internal sealed class RemoteEmbedder(
    EncoderChannel channel, IOptions<RemoteEncoderOptions> options, IOptions<CircuitOptions> circuits, IOptions<AccessOptions> access, TimeProvider time) : IEmbedder
{
    private const int CallsAtOnce = 4;

    private readonly EncoderService.EncoderServiceClient _client = new(channel.Channel);
    private readonly Metadata _identity = Identity(access.Value.ServiceKey);
    private readonly Circuit _circuit = new(circuits.Value, time, IsAway);
    private EncoderModel? _model;

    /// <summary>Whether calls are refused here since those before them failed.</summary>
    public bool IsCircuitOpen => _circuit.IsOpen;

    public async ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _model) is { } known) return known;
        var reply = await CallAsync(call => _client.GetModelAsync(new GetModelRequest(), call), DateTime.MaxValue, cancellationToken);
        var asked = RemoteReplies.Read(reply.Model);
        Volatile.Write(ref _model, asked);
        return asked;
    }

    public async Task<EmbeddingBatch> EmbedAsync(EmbeddingCaller caller, IReadOnlyList<EmbeddingInput> inputs, CancellationToken cancellationToken)
    {
        var expected = await GetModelAsync(cancellationToken);
        var results = new EmbeddingResult[inputs.Count];
        var times = StageTimes.Zero;
        var merging = new Lock();
        await Parallel.ForEachAsync(
            RemoteRequests.Split(inputs),
            new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellationToken },
            async (part, token) =>
            {
                var batch = await EncodeAsync(caller, [.. part.Select(index => inputs[index])], expected, token);
                foreach (var (index, result) in part.Zip(batch.Results)) results[index] = result;
                lock (merging) times = times.Beside(batch.Times);
            });
        return new EmbeddingBatch(results, times);
    }

    private static Metadata Identity(string serviceKey)
    {
        var identity = new Metadata { { AccessInterceptor.ServiceHeader, "1" } };
        if (serviceKey.Length > 0) identity.Add("authorization", $"Bearer {serviceKey}");
        return identity;
    }

    private async Task<EmbeddingBatch> EncodeAsync(EmbeddingCaller caller, EmbeddingInput[] inputs, EncoderModel expected, CancellationToken cancellationToken)
    {
        if (inputs[0] is ImageInput)
        {
            var request = RemoteRequests.Images(caller, inputs.Cast<ImageInput>(), inputs[0].View);
            var reply = await CallAsync(call => _client.EncodeImagesAsync(request, call), caller.Deadline, cancellationToken);
            return Read(reply.Results, reply.EncoderFingerprint, reply.Timings);
        }

        var texts = await CallAsync(call => _client.EncodeTextsAsync(RemoteRequests.Texts(caller, inputs.Cast<TextInput>()), call), caller.Deadline, cancellationToken);
        return Read(texts.Results, texts.EncoderFingerprint, texts.Timings);

        EmbeddingBatch Read(IReadOnlyList<EncodeResult> results, string fingerprint, Timings timings)
        {
            if (fingerprint == expected.Fingerprint)
                return new EmbeddingBatch(RemoteReplies.Read(results, inputs.Length, expected.EmbeddingDimension), RemoteReplies.Read(timings));
            // Asked anew at the next call: these embeddings must not be taken for the expected model's.
            Interlocked.CompareExchange(ref _model, null, expected);
            throw EmbeddingErrors.EncoderChanged();
        }
    }

    // What is wrong with a request, a queue that is full, or a caller in a hurry, says nothing against the encoder.
    private static bool IsAway(Exception exception) => exception is TaskResException { Reason: ErrorReason.EncoderUnavailable };

    private async Task<T> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, DateTime deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await _circuit.RunAsync(() => CallOnceAsync(call, deadline, cancellationToken));
        }
        catch (CircuitOpenException exception)
        {
            throw new TaskResException(ErrorReason.EncoderUnavailable, "The encoder failed several times in a row and is left alone for a moment: retry later.", exception)
            {
                RetryAfter = exception.RetryAfter,
            };
        }
    }

    private async Task<T> CallOnceAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, DateTime deadline, CancellationToken cancellationToken)
    {
        var patience = (time.GetUtcNow() + options.Value.Timeout).UtcDateTime;
        try
        {
            return await call(new CallOptions(_identity, patience < deadline ? patience : deadline, cancellationToken: cancellationToken));
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (exception.StatusCode == StatusCode.DeadlineExceeded && patience < deadline)
                throw new TaskResException(ErrorReason.EncoderUnavailable, $"The encoder gave no answer within {options.Value.Timeout.TotalSeconds:0.#} s: retry later.", exception);
            throw ItemErrors.ToException(exception, ErrorReason.EncoderUnavailable);
        }
    }
}
