using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;
using TaskRes.Trainer.Jobs;

namespace TaskRes.Services.Tests.Trainer;

public sealed class ProgressWriterTests
{
    [Fact]
    public async Task Report_AsEpochsPass_SaysHowLongTheRestTakes()
    {
        var time = new ManualTime();
        await using var writer = new ProgressWriter((_, _) => Task.CompletedTask, TimeSpan.FromMinutes(1), time);
        time.Advance(TimeSpan.FromHours(1));

        Assert.Null(RemainingAfter(writer, epoch: 1));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(2 * 3), RemainingAfter(writer, epoch: 2));
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(3 * 2), RemainingAfter(writer, epoch: 3));
        Assert.Equal(TimeSpan.Zero, RemainingAfter(writer, epoch: 5));
    }

    [Fact]
    public async Task Report_OfManyEpochs_KeepsAnEvenCourseFromTheFirstToTheLast()
    {
        await using var writer = new ProgressWriter((_, _) => Task.CompletedTask, TimeSpan.FromMinutes(1), new ManualTime());

        for (var epoch = 1; epoch <= 1999; epoch++) writer.Report(new EpochProgress(epoch, 5000, 1.0 / epoch, 0.01, epoch / 5000.0));

        var points = writer.Last!.Course.Points;
        Assert.InRange(points.Count, 100, 200);
        Assert.Equal((1, 1999), (points[0].Epoch, points[^1].Epoch));
        Assert.Equal((1 / 1999f, 1999 / 5000f), (points[^1].Loss, points[^1].Accuracy));
        Assert.Single(points.Skip(1).SkipLast(1).Zip(points.Skip(2).SkipLast(1), (a, b) => b.Epoch - a.Epoch).Distinct());
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, false)]
    public void Of_AJobWithTimeLeft_ShowsItWhileItRuns(int state, bool shown)
    {
        var job = new JobRecord
        {
            Name = new TenantName("acme").Task("a").Job("j"),
            Settings = new TrainingSettings(),
            Promotion = PromotionPolicy.Manual,
            CreateTime = DateTimeOffset.UnixEpoch,
            State = (JobState)state,
            Progress = new JobProgress(3, 7, 0.5, TimeSpan.FromSeconds(9)),
        };

        Assert.Equal(shown ? TimeSpan.FromSeconds(9) : null, JobViews.Of(job).Progress.Remaining?.ToTimeSpan());
    }

    private static TimeSpan? RemainingAfter(ProgressWriter writer, int epoch)
    {
        writer.Report(new EpochProgress(epoch, 5, 0.1, 0.01, 0.5));
        return writer.Last!.Remaining;
    }
}
