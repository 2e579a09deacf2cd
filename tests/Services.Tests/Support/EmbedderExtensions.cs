using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;

namespace TaskRes.Services.Tests.Support;

internal static class EmbedderExtensions
{
    /// <summary>A call of the most usual kind: interactive, without a deadline.</summary>
    public static Task<EmbeddingBatch> EmbedAsync(this IEmbedder embedder, TenantName tenant, IReadOnlyList<EmbeddingInput> inputs, CancellationToken cancellationToken) =>
        embedder.EmbedAsync(EmbeddingCaller.Interactive(tenant), inputs, cancellationToken);
}
