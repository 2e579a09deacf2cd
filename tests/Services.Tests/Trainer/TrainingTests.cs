using Grpc.Core;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

[Collection(TrainerCollection.Name)]
public sealed class TrainingTests(TrainerFixture fixture)
{
    private readonly TrainerUnderTest _trainer = fixture.Trainer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(BaseKind.Prompts)]
    [InlineData(BaseKind.ClassMean)]
    public async Task TrainTask_WithExamples_MakesALiveRevision(BaseKind kind)
    {
        var task = await _trainer.CreateWithExamplesAsync(kind);
        var settings = new TrainingSettings { Epochs = 5, Alpha = 1, Seed = 7 };

        var job = await _trainer.EndAsync((await _trainer.TrainAsync(task.Name, settings)).Name);

        Assert.Equal((JobState.Succeeded, true, 1, 5), (job.State, job.Promoted, job.Attempt, job.Progress.Epoch));
        Assert.True(job.CreateTime <= job.StartTime && job.StartTime <= job.EndTime);
        Assert.Equal(job.Revision, (await _trainer.GetAsync(task.Name)).LiveRevision);
        var revision = (await _trainer.Client.GetRevisionAsync(new GetRevisionRequest { Name = job.Revision }, cancellationToken: Cancellation)).Revision;
        Assert.Equal(("taskres", 1.0, 6, true), (revision.Method, revision.Alpha, revision.ExampleCount, revision.Live));
        Assert.Equal((5, 7L), (revision.Settings.Epochs, revision.Settings.Seed));
        Assert.True(revision.ResidualMeanAbs > 0);
    }

    [Fact]
    public async Task TrainTask_WithTheSameSeedTwice_MakesTheSameRevision()
    {
        var task = await _trainer.CreateWithExamplesAsync();

        string[] revisions = [(await TrainedAsync(task, seed: 3)).Revision, (await TrainedAsync(task, seed: 4)).Revision, (await TrainedAsync(task, seed: 3)).Revision];

        Assert.Equal(revisions[0], revisions[2]);
        Assert.NotEqual(revisions[0], revisions[1]);
    }

    [Fact]
    public async Task TrainTask_WithManualPromotion_LeavesWhatIsLive()
    {
        var task = await _trainer.CreateWithExamplesAsync();

        var job = await _trainer.EndAsync((await _trainer.TrainAsync(task.Name, promotion: PromotionPolicy.Manual)).Name);

        Assert.Equal((JobState.Succeeded, false), (job.State, job.Promoted));
        Assert.Equal(task.LiveRevision, (await _trainer.GetAsync(task.Name)).LiveRevision);
    }

    [Fact]
    public async Task TrainTask_WithoutExamples_IsRefused()
    {
        var task = await _trainer.CreateAsync();

        await Refused.WithAsync(StatusCode.FailedPrecondition, "NO_EXAMPLES", () => _trainer.TrainAsync(task.Name));
    }

    [Fact]
    public async Task TrainTask_WithAClassWithoutExamples_SucceedsOnPromptsOnly()
    {
        var (prompts, means) = (await _trainer.CreateAsync(), await _trainer.CreateAsync(BaseKind.ClassMean));
        foreach (var task in new[] { prompts, means }) await _trainer.AddAsync(task.Name, views: 0, TrainerUnderTest.Shot("red", 0), TrainerUnderTest.Shot("blue", 0));

        Assert.Equal(JobState.Succeeded, (await _trainer.EndAsync((await _trainer.TrainAsync(prompts.Name)).Name)).State);
        var info = await Refused.WithAsync(StatusCode.FailedPrecondition, "NO_EXAMPLES", () => _trainer.TrainAsync(means.Name));

        Assert.Equal("green", info.Metadata["class_name"]);
    }

    public static TheoryData<string> BadSettings =>
        ["""{"method":"boost"}""", """{"folds":1}""", """{"alpha":0}""", """{"epochs":10001}""", """{"learningRate":2}""", """{"weightDecay":-1}""", """{"batchSize":70000}""", """{"seed":"-1"}"""];

    [Theory]
    [MemberData(nameof(BadSettings))]
    public async Task TrainTask_WithASettingOutOfRange_IsRefused(string settings)
    {
        var task = await _trainer.CreateWithExamplesAsync();

        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => _trainer.TrainAsync(task.Name, TrainingSettings.Parser.ParseJson(settings)));
    }

    private async Task<Job> TrainedAsync(V1.Task task, long seed) =>
        await _trainer.EndAsync((await _trainer.TrainAsync(task.Name, new TrainingSettings { Epochs = 5, Seed = seed })).Name);
}
