namespace TaskRes.Platform.Embeddings;

/// <summary>
/// Images and texts to raw embeddings. The encoder itself, a remote one, and the caches before them are all of this shape;
/// <see cref="EmbedderRegistration"/> puts them together.
/// </summary>
public interface IEmbedder
{
    /// <exception cref="Core.TaskResException">EncoderUnavailable.</exception>
    ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken);

    /// <summary>One result an input, in order. What is wrong with one input is that input's error; what is wrong with the call is thrown.</summary>
    /// <exception cref="Core.TaskResException">EncoderUnavailable, ShuttingDown, QueueFull, Cancelled, DeadlineExceeded.</exception>
    Task<EmbeddingBatch> EmbedAsync(EmbeddingCaller caller, IReadOnlyList<EmbeddingInput> inputs, CancellationToken cancellationToken);
}
