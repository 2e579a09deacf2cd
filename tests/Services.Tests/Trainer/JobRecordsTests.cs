using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Jobs;

namespace TaskRes.Services.Tests.Trainer;

public sealed class JobRecordsTests
{
    [Fact]
    public void Open_OfWhatWasSealed_IsTheSameJob()
    {
        var job = new JobRecord
        {
            Name = new TenantName("acme").Task("a").Job("j"),
            Settings = new TrainingSettings { Alpha = 0.3, Epochs = 7, LearningRate = 0.01, WeightDecay = 0.1, BatchSize = 5, Seed = 9, WarmupLearningRate = 0.0001 },
            Promotion = PromotionPolicy.Manual,
            CreateTime = DateTimeOffset.FromUnixTimeMilliseconds(1),
            State = JobState.Failed,
            Attempt = 2,
            Progress = new JobProgress(3, 7, 0.5, TimeSpan.FromMilliseconds(1500))
            {
                Accuracy = 0.75f,
                Course = new TrainingCourse([new CoursePoint(1, 2, null), new CoursePoint(3, 0.5f, 0.75f)]),
            },
        };

        Assert.Equal(job, JobRecords.Open(JobRecords.Seal(job), job.Name));
        Assert.Equal(ErrorReason.RevisionCorrupt, Assert.Throws<TaskResException>(() => JobRecords.Open(JobRecords.Seal(job), job.Name with { Job = "other" })).Reason);
    }
}
