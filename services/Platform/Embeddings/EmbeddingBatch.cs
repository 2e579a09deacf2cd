using TaskRes.Core;

namespace TaskRes.Platform.Embeddings;

/// <summary>The answer to one <see cref="IEmbedder.EmbedAsync"/>.</summary>
public sealed record EmbeddingBatch(IReadOnlyList<EmbeddingResult> Results, StageTimes Times);

/// <summary>One input's raw embedding (D values, finite), or why there is none.</summary>
public sealed record EmbeddingResult
{
    private EmbeddingResult(float[]? values, TaskResException? error, EmbeddingTier tier) => (this.values, Error, Tier) = (values, error, tier);

    private readonly float[]? values;

    public TaskResException? Error { get; }

    public EmbeddingTier Tier { get; }

    /// <summary>The embedding, D values; throws the input's error where there is none.</summary>
    public float[] Values => values ?? throw Error!;

    public static EmbeddingResult Of(float[] values, EmbeddingTier tier) => new(values, null, tier);

    public static EmbeddingResult Failed(TaskResException error) => new(null, error, EmbeddingTier.None);
}

/// <summary>Where an embedding came from, nearest first. The values are those of the proto enum CacheTier.</summary>
public enum EmbeddingTier
{
    None = 0,
    Memory = 1,
    Redis = 2,
    Encoder = 3,
}

/// <summary>Where a call's time went. Stages of concurrent parts count as the longest of them.</summary>
public sealed record StageTimes(TimeSpan Cache, TimeSpan Preprocess, TimeSpan Queue, TimeSpan Compute, int BatchSize)
{
    public static StageTimes Zero { get; } = new(default, default, default, default, 0);

    /// <summary>The times of two concurrent parts together: of each stage the longer.</summary>
    public StageTimes Beside(StageTimes other) => new(
        Longer(Cache, other.Cache), Longer(Preprocess, other.Preprocess), Longer(Queue, other.Queue), Longer(Compute, other.Compute), Math.Max(BatchSize, other.BatchSize));

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
