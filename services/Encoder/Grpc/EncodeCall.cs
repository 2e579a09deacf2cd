using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Errors;
using TaskRes.Platform.Telemetry;
using TaskRes.Platform.Wire;
using TaskRes.V1;

namespace TaskRes.Encoder.Grpc;

/// <summary>What every encode call answers, unary or streamed.</summary>
internal sealed record EncodeReply(IReadOnlyList<EncodeResult> Results, string Fingerprint, Timings Timings);

/// <summary>The body that all encode calls share: the sound items are embedded together, the others keep their errors.</summary>
internal sealed class EncodeCall(IEmbedder embedder, TimeProvider time)
{
    /// <param name="method">The RPC, for the metrics.</param>
    /// <param name="format">Of the embeddings in the reply.</param>
    /// <param name="items">At least one.</param>
    public async Task<EncodeReply> RunAsync(string method, EmbeddingCaller caller, EmbeddingFormat format, IReadOnlyList<ParsedInput> items, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var model = await embedder.GetModelAsync(cancellationToken);
        EmbeddingInput[] inputs = [.. items.Select(item => item.Input).OfType<EmbeddingInput>()];
        var batch = inputs.Length == 0
            ? new EmbeddingBatch([], StageTimes.Zero)
            : await embedder.EmbedAsync(caller, inputs, cancellationToken);
        RpcMetrics.RecordStages(method, batch.Times);

        using var embedded = batch.Results.GetEnumerator();
        EncodeResult[] results = [.. items.Select(item => item.Error is { } error ? ToProto(EmbeddingResult.Failed(error), format) : ToProto(Next(embedded), format))];
        return new EncodeReply(results, model.Fingerprint, WireTimings.From(batch.Times, time.GetElapsedTime(start)));
    }

    private static EmbeddingResult Next(IEnumerator<EmbeddingResult> results)
    {
        results.MoveNext();
        return results.Current;
    }

    private static EncodeResult ToProto(EmbeddingResult result, EmbeddingFormat format) => result.Error is { } error
        ? new EncodeResult { Error = ItemErrors.From(error) }
        : new EncodeResult { Embedding = WireEmbedding.From(result.Values, format), Tier = (CacheTier)result.Tier };
}
