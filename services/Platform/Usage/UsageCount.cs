namespace TaskRes.Platform.Usage;

/// <summary>What is counted of a tenant. The names are stored: they stay.</summary>
internal enum UsageCount
{
    /// <summary>What took a token of the quota of requests: unary calls, openings of server streams, messages sent in streams.</summary>
    Requests,

    /// <summary>Embeddings from memory.</summary>
    Memory,

    /// <summary>Embeddings from Redis.</summary>
    Redis,

    /// <summary>Embeddings that the encoder computed.</summary>
    Encoder,

    /// <summary>Images and texts that have none.</summary>
    Failed,

    EncoderMicroseconds,

    /// <summary>Jobs that ended.</summary>
    Jobs,

    TrainingMicroseconds,
}
