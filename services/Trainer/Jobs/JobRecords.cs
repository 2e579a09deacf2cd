using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;

namespace TaskRes.Trainer.Jobs;

/// <summary>A job between its record and its stored form.</summary>
internal static class JobRecords
{
    public static RedisValue Seal(JobRecord job)
    {
        var stored = new Stored.Job
        {
            Name = $"{job.Name}",
            Settings = StoredSettings.Of(job.Settings),
            Promotion = (int)job.Promotion,
            State = (int)job.State,
            Attempt = job.Attempt,
            Epoch = job.Progress?.Epoch ?? 0,
            Epochs = job.Progress?.Epochs ?? 0,
            Loss = job.Progress?.Loss ?? 0,
            Course = { (job.Progress?.Course ?? TrainingCourse.Empty).Points.Select(StoredPoint) },
            Revision = job.Revision?.Revision ?? "",
            Promoted = job.Promoted,
            WarmStart = job.WarmStart is { } start ? $"{start}" : "",
            CreateTimeUnixMs = job.CreateTime.ToUnixTimeMilliseconds(),
            StartTimeUnixMs = job.StartTime?.ToUnixTimeMilliseconds() ?? 0,
            EndTimeUnixMs = job.EndTime?.ToUnixTimeMilliseconds() ?? 0,
        };
        if (job.Progress?.Accuracy is { } accuracy) stored.Accuracy = accuracy;
        if (job.Progress?.Remaining is { } remaining) stored.RemainingMs = (long)remaining.TotalMilliseconds;
        if (job.Error is { } error)
            stored.Error = new Stored.Error { Reason = (int)error.Reason, Message = error.Message, Field = error.Field ?? "", Metadata = { error.Metadata.ToDictionary() } };
        return StoredValue.Seal(stored);
    }

    /// <exception cref="TaskResException">RevisionCorrupt.</exception>
    public static JobRecord Open(RedisValue value, JobName name)
    {
        var stored = StoredValue.Open(value, Stored.Job.Parser, $"{name}");
        if (stored.Name != $"{name}") throw StoredValue.Corrupt($"{name}", $"it is of {stored.Name}");
        return new JobRecord
        {
            Name = name,
            Settings = StoredSettings.Read(stored.Settings ?? throw StoredValue.Corrupt($"{name}", "its settings are missing")),
            Promotion = Known<PromotionPolicy>(stored.Promotion, name),
            CreateTime = DateTimeOffset.FromUnixTimeMilliseconds(stored.CreateTimeUnixMs),
            State = Known<JobState>(stored.State, name),
            Attempt = stored.Attempt,
            Progress = stored.Epoch == 0 ? null : OpenProgress(stored),
            Error = stored.Error is { } error ? OpenError(error, name) : null,
            Revision = stored.Revision is "" ? null : name.Task.Revision(stored.Revision),
            Promoted = stored.Promoted,
            WarmStart = stored.WarmStart is "" ? null : RevisionName.Parse(stored.WarmStart, "warm_start"),
            StartTime = Time(stored.StartTimeUnixMs),
            EndTime = Time(stored.EndTimeUnixMs),
        };
    }

    private static JobProgress OpenProgress(Stored.Job stored) =>
        new(stored.Epoch, stored.Epochs, stored.Loss, stored.HasRemainingMs ? TimeSpan.FromMilliseconds(stored.RemainingMs) : null)
        {
            Accuracy = stored.HasAccuracy ? stored.Accuracy : null,
            Course = new TrainingCourse([.. stored.Course.Select(point => new CoursePoint(point.Epoch, point.Loss, point.HasAccuracy ? point.Accuracy : null))]),
        };

    private static Stored.CoursePoint StoredPoint(CoursePoint point)
    {
        var stored = new Stored.CoursePoint { Epoch = point.Epoch, Loss = point.Loss };
        if (point.Accuracy is { } accuracy) stored.Accuracy = accuracy;
        return stored;
    }

    private static TaskResException OpenError(Stored.Error stored, JobName name) => new(Known<ErrorReason>(stored.Reason, name), stored.Message)
    {
        Field = stored.Field is "" ? null : stored.Field,
        Metadata = stored.Metadata.ToDictionary(),
    };

    private static T Known<T>(int value, JobName name)
        where T : struct, Enum =>
        Enum.IsDefined((T)(object)value) ? (T)(object)value : throw StoredValue.Corrupt($"{name}", $"{typeof(T).Name} has no value {value}");

    private static DateTimeOffset? Time(long unixMilliseconds) => unixMilliseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds);
}
