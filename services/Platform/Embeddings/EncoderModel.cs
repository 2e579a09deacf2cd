namespace TaskRes.Platform.Embeddings;

/// <summary>What an encoder says of itself. Two encoders of one fingerprint give the same embeddings up to precision.</summary>
public sealed record EncoderModel
{
    public required string Name { get; init; }

    /// <summary>Such as ViT-B/32.</summary>
    public required string Architecture { get; init; }

    /// <summary>SHA-256 over weights, preprocessing and tokenizer, in hex.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>D.</summary>
    public required int EmbeddingDimension { get; init; }

    /// <summary>The side of the square input, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>In tokens, start and end included.</summary>
    public required int ContextLength { get; init; }

    /// <summary>exp(logit_scale).</summary>
    public required double LogitScale { get; init; }

    /// <summary>fp32, bf16 or fp16.</summary>
    public required string Precision { get; init; }

    public required string Device { get; init; }
}
