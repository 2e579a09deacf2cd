using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>A labelled image to learn from.</summary>
/// <param name="ClassName">One of the task's classes.</param>
/// <param name="Content">The encoded image: JPEG, PNG, WebP, GIF or BMP.</param>
public sealed record LabelledImage(string ClassName, ReadOnlyMemory<byte> Content);

/// <summary>An upload of examples.</summary>
public sealed record AddExamplesOptions
{
    /// <summary>The task's id or full name.</summary>
    public required string Task { get; init; }

    /// <summary>Augmented views to embed of each image beside the evaluation crop, 0–32.</summary>
    public int Views { get; init; }

    /// <summary>Told how many images have been sent, or were found not to need it.</summary>
    public IProgress<int>? Sent { get; init; }
}

/// <summary>Which jobs of a task to list.</summary>
public sealed record ListJobsOptions
{
    /// <summary>Only jobs in this state; unspecified means all.</summary>
    public JobState State { get; init; }
}

/// <summary>A training job to queue.</summary>
public sealed record TrainOptions
{
    /// <summary>The task's id or full name.</summary>
    public required string Task { get; init; }

    /// <summary>What is unset takes the server's default.</summary>
    public TrainingSettings Settings { get; init; } = new();

    /// <summary>Whether the revision goes live when the job succeeds; it does unless said otherwise.</summary>
    public PromotionPolicy Promotion { get; init; } = PromotionPolicy.OnSuccess;

    /// <summary>The full name of a revision of the same tenant and encoder to start from; null to start from nothing.</summary>
    public string? WarmStart { get; init; }
}
