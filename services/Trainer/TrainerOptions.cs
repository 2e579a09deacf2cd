using System.ComponentModel.DataAnnotations;

namespace TaskRes.Trainer;

/// <summary>How the trainer runs jobs and takes in examples: the section <c>Trainer</c>. What one task may hold is in the section <c>Limits</c>.</summary>
internal sealed class TrainerOptions : IValidatableObject
{
    public const string Section = "Trainer";

    /// <summary>Jobs that this process trains at a time; 0 leaves the training to other replicas.</summary>
    [Range(0, 64)]
    public int ConcurrentJobs { get; set; } = 1;

    /// <summary>How long a job stays with a worker that is not heard of; from 0.1 seconds to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a worker renews its lease, at most half of <see cref="Lease"/>; from 0.02 seconds to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.02", "00:05:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a job is taken up before it has failed.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>How often the queue, lost leases and watched jobs are looked at where no event tells of them; from 0.02 to 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.02", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The least time between two writes of a job's progress; from 0.01 to 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromSeconds(0.2);

    /// <summary>How long a job waits for a registry or an encoder that does not answer before it has failed; from 0.1 seconds to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Jobs that wait, of all tenants; what one tenant may have is in the section <c>Quotas</c>.</summary>
    [Range(1, 100_000)]
    public int MaxQueuedJobs { get; set; } = 10_000;

    /// <summary>Jobs that are kept of a task: the oldest that have ended make room for new ones.</summary>
    [Range(1, 100_000)]
    public int JobsPerTask { get; set; } = 1_000;

    /// <summary>How long the records of jobs are kept; from a minute to a year.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan JobRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the answer to a request_id is kept; from a minute to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan RequestRetention { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Embeddings that one stream of examples waits for at a time: an example counts as one for each of its views.</summary>
    [Range(1, 4096)]
    public int EmbeddingsInFlight { get; set; } = 64;

    /// <summary>An imported revision, in bytes.</summary>
    [Range(1, 1 << 30)]
    public int MaxRevisionBytes { get; set; } = 128 << 20;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Heartbeat * 2 > Lease) yield return new ValidationResult($"{Heartbeat} is more than half of {nameof(Lease)}, {Lease}: a single late renewal would lose the job.", [nameof(Heartbeat)]);
    }
}
