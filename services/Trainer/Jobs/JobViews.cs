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
        Progress = job.Progress is { } progress ? Of(progress, job.HasEnded) : null,
        Error = job.Error is { } error ? ItemErrors.From(error) : null,
        Revision = job.Revision is { } revision ? $"{revision}" : "",
        Promoted = job.Promoted,
        CreateTime = Timestamp.FromDateTimeOffset(job.CreateTime),
        StartTime = job.StartTime is { } start ? Timestamp.FromDateTimeOffset(start) : null,
        EndTime = job.EndTime is { } end ? Timestamp.FromDateTimeOffset(end) : null,
        Attempt = job.Attempt,
    };

    /// <summary>Without its course: a list would be long.</summary>
    public static V1.Job InList(JobRecord job)
    {
        var view = Of(job);
        view.Progress?.Course.Clear();
        return view;
    }

    private static V1.JobProgress Of(JobProgress progress, bool hasEnded)
    {
        var view = new V1.JobProgress
        {
            Epoch = progress.Epoch,
            Epochs = progress.Epochs,
            Loss = progress.Loss,
            Remaining = progress.Remaining is { } remaining && !hasEnded ? Duration.FromTimeSpan(remaining) : null,
            Course = { progress.Course.Points.Select(Of) },
        };
        if (progress.Accuracy is { } accuracy) view.Accuracy = accuracy * 100;
        return view;
    }

    private static V1.TrainingPoint Of(CoursePoint point)
    {
        var view = new V1.TrainingPoint { Epoch = point.Epoch, Loss = point.Loss };
        if (point.Accuracy is { } accuracy) view.Accuracy = accuracy * 100;
        return view;
    }
}
