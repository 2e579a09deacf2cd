using Google.Protobuf.WellKnownTypes;
using TaskRes.Platform.Errors;

namespace TaskRes.Trainer.Jobs;

/// <summary>Jobs as callers see them.</summary>
internal static class JobViews
{
    public static V1.Job Of(JobRecord job) => new()
    {
        Name = $"{job.Name}",
        State = (V1.JobState)job.State,
        Progress = job.Progress is { } progress ? new V1.JobProgress { Epoch = progress.Epoch, Epochs = progress.Epochs, Loss = progress.Loss } : null,
        Error = job.Error is { } error ? ItemErrors.From(error) : null,
        Revision = job.Revision is { } revision ? $"{revision}" : "",
        Promoted = job.Promoted,
        CreateTime = Timestamp.FromDateTimeOffset(job.CreateTime),
        StartTime = job.StartTime is { } start ? Timestamp.FromDateTimeOffset(start) : null,
        EndTime = job.EndTime is { } end ? Timestamp.FromDateTimeOffset(end) : null,
        Attempt = job.Attempt,
    };
}
