using System.ComponentModel.DataAnnotations;
using TaskRes.Platform.Limits;

namespace TaskRes.Platform.Quotas;

/// <summary>
/// What a tenant may use where nothing else is set for it: the section <c>Quotas</c>. The same for all services of a suite.
/// Classes, examples and images are bounded, beside this, by the section <c>Limits</c>.
/// </summary>
public sealed class QuotaOptions
{
    public const string Section = "Quotas";

    /// <summary>The most that a quota can be that counts.</summary>
    public const int Most = 1_000_000;

    /// <summary>The most that <see cref="ImagePixels"/> can be.</summary>
    public const int MostPixels = 256 << 20;

    /// <summary>The least <see cref="RevisionsPerTask"/>: a job's result must still be there when the job promotes it.</summary>
    public const int LeastRevisions = 10;

    /// <summary>Calls, and messages of streams, per second in the whole fleet.</summary>
    [Range(1, Most)]
    public int RequestsPerSecond { get; set; } = 10_000;

    /// <summary>How many of them may come at once after a pause.</summary>
    [Range(1, Most)]
    public int Burst { get; set; } = 20_000;

    /// <summary>Calls under way in one process; a stream is one for as long as it is open.</summary>
    [Range(1, Most)]
    public int ConcurrentRequests { get; set; } = 1000;

    /// <summary>Tasks of the tenant.</summary>
    [Range(1, Most)]
    public int Tasks { get; set; } = 10_000;

    /// <summary>Revisions of a task that are kept, beside the zero-shot one and the last that were live.</summary>
    [Range(LeastRevisions, Most)]
    public int RevisionsPerTask { get; set; } = 200;

    /// <summary>Training jobs that wait or run.</summary>
    [Range(1, Most)]
    public int TrainingJobs { get; set; } = 100;

    /// <summary>While several tenants wait for the encoder, each has its time in the proportion of its weight.</summary>
    [Range(1, Most)]
    public int EncoderWeight { get; set; } = 100;

    /// <summary>One encoded image, in bytes.</summary>
    [Range(1, RequestLimits.MaxMessageBytes)]
    public int ImageBytes { get; set; } = RequestLimits.MaxMessageBytes;

    /// <summary>Width times height of one image.</summary>
    [Range(1, MostPixels)]
    public int ImagePixels { get; set; } = MostPixels;
}
