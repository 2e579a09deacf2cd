using System.ComponentModel.DataAnnotations;

namespace TaskRes.Platform.Embeddings;

/// <summary>The embeddings that a service keeps in its memory: the section <c>EmbeddingCache</c>. The tighter of the two bounds holds.</summary>
public sealed class MemoryCacheOptions
{
    public const string Section = "EmbeddingCache";

    /// <summary>0 keeps none.</summary>
    [Range(0, 100_000_000)]
    public int MaxEntries { get; set; } = 100_000;

    /// <summary>In bytes, with the keys; at least 64 KiB.</summary>
    [Range(64L << 10, long.MaxValue)]
    public long MaxBytes { get; set; } = 256L << 20;

    /// <summary>How long an image that cannot be decoded is refused without trying again; from 0 seconds, which never does, to an hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RefusalTime { get; set; } = TimeSpan.FromMinutes(1);
}
