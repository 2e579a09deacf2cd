using System.ComponentModel.DataAnnotations;

namespace TaskRes.Platform.Limits;

/// <summary>What one request or one task may hold: the section <c>Limits</c>.</summary>
public sealed class RequestLimits
{
    public const string Section = "Limits";

    /// <summary>A gRPC message, either way; in bytes.</summary>
    public const int MaxMessageBytes = 64 << 20;

    /// <summary>A JSON body: base64 takes 4 bytes for 3.</summary>
    public const int MaxJsonBytes = MaxMessageBytes / 3 * 4;

    /// <summary>Images or texts in one unary call.</summary>
    [Range(1, 4096)]
    public int MaxBatchItems { get; set; } = 256;

    /// <summary>One encoded image, in bytes.</summary>
    [Range(1, MaxMessageBytes)]
    public int MaxImageBytes { get; set; } = 20 << 20;

    /// <summary>One text or prompt, in UTF-16 code units.</summary>
    [Range(1, 100_000)]
    public int MaxTextCharacters { get; set; } = 2000;

    /// <summary>Classes of a task.</summary>
    [Range(2, 50_000)]
    public int MaxClasses { get; set; } = 5000;

    /// <summary>Augmented views of an example, beside the evaluation crop.</summary>
    [Range(0, 256)]
    public int MaxViews { get; set; } = 32;

    /// <summary>Examples of a task.</summary>
    [Range(1, 1_000_000)]
    public int MaxExamplesPerTask { get; set; } = 20_000;
}
