using TaskRes.Platform.Embeddings;

namespace TaskRes.Benchmarks.Serving;

/// <summary>An encoder that takes no time: an embedding of 512 random values for each digest, the same for the same.</summary>
internal sealed class SyntheticEncoder : IEmbedder
{
    public static EncoderModel Description { get; } = new()
    {
        Name = "synthetic",
        Architecture = "ViT-B/32",
        Fingerprint = new string('f', 64),
        EmbeddingDimension = 512,
        ImageSize = 224,
        ContextLength = 77,
        LogitScale = 100,
        Precision = "fp32",
        Device = "cpu",
    };

    public ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken) => new(Description);

    public Task<EmbeddingBatch> EmbedAsync(EmbeddingCaller caller, IReadOnlyList<EmbeddingInput> inputs, CancellationToken cancellationToken) =>
        Task.FromResult(new EmbeddingBatch([.. inputs.Select(Embed)], StageTimes.Zero));

    private static EmbeddingResult Embed(EmbeddingInput input)
    {
        var random = new Random((int)input.Digest.Low);
        return EmbeddingResult.Of([.. Enumerable.Range(0, Description.EmbeddingDimension).Select(_ => random.NextSingle() - 0.5f)], EmbeddingTier.Encoder);
    }
}
