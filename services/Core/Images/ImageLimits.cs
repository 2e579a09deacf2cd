using System.ComponentModel.DataAnnotations;

namespace TaskRes.Core.Images;

/// <summary>How large an encoded image may be; checked on its header, before a pixel is decoded.</summary>
public sealed record ImageLimits
{
    /// <summary>Encoded size in bytes, 1 KiB to 1 GiB.</summary>
    [Range(1L << 10, 1L << 30)]
    public long MaxBytes { get; init; } = 20L << 20;

    /// <summary>Width times height in pixels, 1 to 256 Mi. Decoding takes 7 bytes a pixel while it lasts.</summary>
    [Range(1L, 256L << 20)]
    public long MaxPixels { get; init; } = 64L << 20;

    /// <summary>The longer side over the shorter one, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public double MaxAspectRatio { get; init; } = 200;
}
