using System.ComponentModel.DataAnnotations;

namespace TaskRes.Encoder;

/// <summary>How the encoder takes in work: the section <c>Encoder</c>. What one call may hold is in the section <c>Limits</c>.</summary>
internal sealed class EncoderOptions
{
    public const string Section = "Encoder";

    /// <summary>Items in one forward pass.</summary>
    [Range(1, 1024)]
    public int MaxBatchSize { get; set; } = 32;

    /// <summary>The longest that a forward pass should take, as far as those before it tell: others wait for its end; in seconds.</summary>
    [Range(0.001, 60)]
    public double MaxBatchSeconds { get; set; } = 0.5;

    /// <summary>
    /// Items taken in and not yet answered; calls beyond are refused with QueueFull. A preprocessed image takes 3 · side²
    /// floats while it waits: 600 KB at 224 pixels.
    /// </summary>
    [Range(1, 65_536)]
    public int QueueCapacity { get; set; } = 512;

    /// <summary>Images decoded at a time.</summary>
    [Range(1, 256)]
    public int PreprocessWorkers { get; set; } = Environment.ProcessorCount;

    /// <summary>The longest that an item waits for the encoder before it is dropped with DeadlineExceeded; in seconds.</summary>
    [Range(0.01, 600)]
    public double MaxWaitSeconds { get; set; } = 30;

    /// <summary>Items of one stream that are read and not yet answered.</summary>
    [Range(1, 1024)]
    public int MaxStreamItems { get; set; } = 64;

    /// <summary>How long a readiness check may take before it has failed; in seconds.</summary>
    [Range(0.1, 60)]
    public double ReadinessTimeoutSeconds { get; set; } = 10;
}
