using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;

namespace TaskRes.Trainer.Jobs;

/// <summary>A training job as stored.</summary>
internal sealed record JobRecord
{
    public required JobName Name { get; init; }

    public required TrainingSettings Settings { get; init; }

    public required PromotionPolicy Promotion { get; init; }

    /// <summary>The revision to start from; null to start from nothing.</summary>
    public RevisionName? WarmStart { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public JobState State { get; init; } = JobState.Queued;

    /// <summary>How often a worker has taken it up.</summary>
    public int Attempt { get; init; }

    /// <summary>Null before the first epoch is done.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>Why a failed job failed.</summary>
    public TaskResException? Error { get; init; }

    /// <summary>The result of a job that succeeded.</summary>
    public RevisionName? Revision { get; init; }

    public bool Promoted { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    public bool HasEnded => State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;
}

/// <param name="Epoch">Epochs done.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Loss">Mean training loss of the last epoch.</param>
/// <param name="Remaining">How long the rest will take; null until it is known.</param>
internal sealed record JobProgress(int Epoch, int Epochs, double Loss, TimeSpan? Remaining = null)
{
    /// <summary>Of the last epoch, 0 to 1; null where the method does not tell.</summary>
    public float? Accuracy { get; init; }

    public TrainingCourse Course { get; init; } = TrainingCourse.Empty;
}

/// <summary>The values are those of the proto enum.</summary>
internal enum JobState
{
    Queued = 1,
    Running = 2,
    Succeeded = 3,
    Failed = 4,
    Cancelled = 5,
}

/// <summary>The values are those of the proto enum.</summary>
internal enum PromotionPolicy
{
    OnSuccess = 1,
    Manual = 2,
    IfImproved = 3,
    Always = 4,
}
