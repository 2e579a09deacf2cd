using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Jobs;
using TaskRes.Trainer.Training;
using BaseKind = TaskRes.V1.BaseKind;

namespace TaskRes.Services.Tests.Trainer;

/// <summary>What happens to a task between the start of a job and its promotion.</summary>
[Collection(TrainerCollection.Name)]
public sealed class TrainingRunTests(TrainerFixture fixture)
{
    private readonly TrainerUnderTest _trainer = fixture.Trainer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_RolledBackMeanwhile_KeepsTheRevisionAndLeavesWhatIsLive()
    {
        var task = await _trainer.CreateWithExamplesAsync();
        var name = TaskName.Parse(task.Name, "name");
        await RunAsync(name, seed: 1);

        var run = await RunAsync(name, seed: 2, () => _trainer.Registry.RollbackAsync(name, null, null, Cancellation));

        Assert.False(run.Promoted);
        Assert.Equal(task.LiveRevision, await LiveAsync(name));
        Assert.Equal(run.Revision, (await _trainer.Registry.GetRevisionAsync(run.Revision, Cancellation)).Name);
    }

    [Fact]
    public async Task RunAsync_OfWhichNothingWasLive_LeavesWhatIsPromotedMeanwhile()
    {
        var name = TaskName.Parse((await _trainer.CreateWithExamplesAsync(BaseKind.ClassMean)).Name, "name");
        var first = await RunAsync(name, seed: 1, policy: PromotionPolicy.Manual);

        var run = await RunAsync(name, seed: 2, () => _trainer.Registry.PromoteAsync(first.Revision, null, Cancellation));

        Assert.False(run.Promoted);
        Assert.Equal($"{first.Revision}", await LiveAsync(name));
    }

    [Fact]
    public async Task RunAsync_WhoseRevisionIsLiveAlready_IsPromoted()
    {
        var name = TaskName.Parse((await _trainer.CreateWithExamplesAsync()).Name, "name");
        var first = await RunAsync(name, seed: 1, policy: PromotionPolicy.Manual);

        // As an attempt does whose answer was lost.
        var run = await RunAsync(name, seed: 1, () => _trainer.Registry.PromoteAsync(first.Revision, null, Cancellation));

        Assert.Equal((first.Revision, true), (run.Revision, run.Promoted));
    }

    /// <param name="meanwhile">Before the promotion.</param>
    private Task<TrainedRevision> RunAsync(TaskName task, ulong seed, Func<Task>? meanwhile = null, PromotionPolicy policy = PromotionPolicy.Always)
    {
        var job = new JobRecord
        {
            Name = task.Job(Guid.NewGuid().ToString()),
            Settings = new TrainingSettings { Epochs = 2, Seed = seed },
            Promotion = policy,
            CreateTime = DateTimeOffset.UnixEpoch,
        };
        return _trainer.Service.Get<TrainingRun>().RunAsync(job, new Progress<EpochProgress>(), StillHeldAsync, Cancellation);

        async Task<bool> StillHeldAsync(CancellationToken cancellationToken)
        {
            if (meanwhile is not null) await meanwhile();
            return true;
        }
    }

    private async Task<string> LiveAsync(TaskName task) => $"{(await _trainer.Registry.GetServingAsync(task, Cancellation)).Live}";
}
