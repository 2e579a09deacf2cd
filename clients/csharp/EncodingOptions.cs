using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>How images and texts are encoded, and how their embeddings travel.</summary>
public sealed record EncodingOptions
{
    /// <summary>Of images: 0 is the evaluation crop, n ≥ 1 the n-th random crop, the same for the same image always.</summary>
    public int View { get; init; }

    /// <summary>Unspecified means interactive in unary calls and bulk in streams.</summary>
    public Priority Priority { get; init; }

    /// <summary><see cref="EmbeddingExtensions.ToFloats"/> reads any of them.</summary>
    public EmbeddingFormat Format { get; init; }
}
