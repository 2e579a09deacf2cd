using TaskRes.Core;

namespace TaskRes.Platform.Embeddings;

/// <summary>Errors that more than one embedder has.</summary>
public static class EmbeddingErrors
{
    /// <summary>Of an input that came as a digest and is known to no tier.</summary>
    public static TaskResException BytesRequired(Sha256Digest digest) => new(
        ErrorReason.ImageBytesRequired, $"The image {digest} is not known here: send its bytes.")
    {
        Field = "image.sha256",
        Metadata = new Dictionary<string, string> { ["sha256"] = $"{digest}" },
    };

    internal static TaskResException EncoderChanged() => new(ErrorReason.EncoderUnavailable, "The encoder's model changed during the call: retry.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };
}
