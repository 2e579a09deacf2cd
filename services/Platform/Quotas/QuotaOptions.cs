using System.ComponentModel.DataAnnotations;

namespace TaskRes.Platform.Quotas;

/// <summary>
/// What a tenant may use where nothing else is set for it: the section <c>Quotas</c>. The same for all services of a suite.
/// Classes and examples of a task are bounded by the section <c>Limits</c>.
/// </summary>
public sealed class QuotaOptions
{
    public const string Section = "Quotas";

    /// <summary>The most that any quota can be.</summary>
    public const int Most = 1_000_000;

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
}
