using TaskRes.Core;
using TaskRes.Platform.Errors;
using TaskRes.V1;

namespace TaskRes.Platform.Embeddings;

/// <summary>What an encoder answered, checked.</summary>
internal static class RemoteReplies
{
    public static EncoderModel Read(Model model) => new()
    {
        Name = model.Name,
        Architecture = model.Architecture,
        Fingerprint = model.Fingerprint,
        EmbeddingDimension = model.EmbeddingDimension,
        ImageSize = model.ImageSize,
        ContextLength = model.ContextLength,
        LogitScale = model.LogitScale,
        Precision = model.Precision,
        Device = model.Device,
    };

    /// <exception cref="TaskResException">EncoderUnavailable where the reply is not one for these inputs.</exception>
    public static EmbeddingResult[] Read(IReadOnlyList<EncodeResult> results, int count, int dimension) =>
        results.Count == count ? [.. results.Select(result => Read(result, dimension))] : throw Malformed();

    public static StageTimes Read(Timings? timings) => timings is null
        ? StageTimes.Zero
        : new StageTimes(
            TimeSpan.FromMicroseconds(timings.CacheUs),
            TimeSpan.FromMicroseconds(timings.PreprocessUs),
            TimeSpan.FromMicroseconds(timings.QueueUs),
            TimeSpan.FromMicroseconds(timings.ComputeUs),
            timings.BatchSize);

    private static EmbeddingResult Read(EncodeResult result, int dimension)
    {
        if (result.ResultCase == EncodeResult.ResultOneofCase.Error) return EmbeddingResult.Failed(ItemErrors.ToException(result.Error));
        if (result.Embedding is not { } embedding || embedding.Values.Count != dimension || !embedding.Values.All(float.IsFinite)) throw Malformed();
        return EmbeddingResult.Of([.. embedding.Values], Enum.IsDefined((EmbeddingTier)result.Tier) ? (EmbeddingTier)result.Tier : EmbeddingTier.None);
    }

    private static TaskResException Malformed() =>
        new(Core.ErrorReason.EncoderUnavailable, "The encoder's answer does not fit its model or the request: check that all encoders run one version.");
}
