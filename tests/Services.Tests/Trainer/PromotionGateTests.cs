using Google.Protobuf;
using Grpc.Core;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Encoder;
using TaskRes.V1;
using HeldOutEvidence = TaskRes.Core.Learning.Evidence.HeldOutEvidence;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

[Collection(TrainerCollection.Name)]
public sealed class PromotionGateTests(TrainerFixture fixture)
{
    private readonly TrainerUnderTest _trainer = fixture.Trainer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TrainTask_WithExamplesToHoldOut_KeepsWhatTheySayOnTheRevision()
    {
        var task = await LabelledAsync(shots: 4);

        var revision = await TrainedAsync(task, PromotionPolicy.OnSuccess);

        Assert.Equal((4, 12), (revision.Evidence.Folds, revision.Evidence.Examples));
        Assert.NotEqual(Verdict.Unspecified, revision.Evidence.Verdict);
        Assert.True(revision.Evidence.GainLow <= revision.Evidence.GainHigh);
    }

    [Fact]
    public async Task TrainTask_WithoutFolds_HasNoVerdict()
    {
        var task = await LabelledAsync(shots: 4);

        Assert.Null((await TrainedAsync(task, PromotionPolicy.OnSuccess, folds: 0)).Evidence);
    }

    [Fact]
    public async Task TrainTask_IfImprovedWithOneImageOfEach_StaysAsItIs()
    {
        var task = await LabelledAsync(shots: 1);

        var revision = await TrainedAsync(task, PromotionPolicy.IfImproved);

        Assert.False(revision.Live);
        Assert.Null(revision.Evidence);
    }

    [Fact]
    public async Task TrainTask_IfImprovedOnLabelsThatMeanNothing_StaysAsItIs()
    {
        var task = await _trainer.CreateAsync();
        await _trainer.AddAsync(task.Name, views: 0, [.. Enumerable.Range(0, 24).Select(index => Picture(TrainerUnderTest.Colours[(index * 7 / 3) % 3], 1000 + index))]);

        Assert.False((await TrainedAsync(task, PromotionPolicy.IfImproved)).Live);
    }

    [Theory]
    [InlineData("taskres", true)]
    [InlineData("gda", false)]
    [InlineData("auto", false)]
    [InlineData("coop", false)]
    public async Task TrainTask_OfAnyMethod_IsServedAndExported(string method, bool chooseAlpha)
    {
        var task = await LabelledAsync(shots: 4);

        var job = await _trainer.EndAsync((await _trainer.TrainAsync(task.Name, new TrainingSettings { Method = method, ChooseAlpha = chooseAlpha, Epochs = 5 }, PromotionPolicy.Always)).Name);

        Assert.Equal((JobState.Succeeded, true), (job.State, job.Promoted));
        var revision = Core.Learning.Revision.Parse(await _trainer.ExportAsync(job.Revision), "export");
        Assert.EndsWith(revision.Id, job.Revision, StringComparison.Ordinal);
        Assert.True(method == "auto" || revision.Method == method);
        Assert.Equal(revision.Method == "gda", revision.Added is not null);
        Assert.Equal(chooseAlpha || method == "gda", revision.Settings.ChooseAlpha);
    }

    [Fact]
    public async Task TrainTask_EnhancedOnATowerWiderThanItsEmbeddings_FailsAndSaysWhy()
    {
        var task = await LabelledAsync(shots: 2);

        var job = await _trainer.EndAsync((await _trainer.TrainAsync(task.Name, new TrainingSettings { Method = "taskres-enhanced" })).Name);

        Assert.Equal((JobState.Failed, ErrorReason.MethodNotApplicable), (job.State, job.Error.Reason));
    }

    [Fact]
    public async Task PromoteRevision_OfOneThatHarms_IsRefusedUnlessForced()
    {
        var task = await _trainer.CreateWithExamplesAsync();
        var harmful = await PublishAsync(task, new HeldOutEvidence(Core.Learning.Verdict.Harms, 4, 40, 0.9, 0.7, 0.3, 0.6, -0.4, -0.2));

        var info = await Refused.WithAsync(StatusCode.FailedPrecondition, "REVISION_HARMS", () =>
            _trainer.Client.PromoteRevisionAsync(new PromoteRevisionRequest { Name = harmful }, cancellationToken: Cancellation).ResponseAsync);
        var forced = await _trainer.Client.PromoteRevisionAsync(new PromoteRevisionRequest { Name = harmful, Force = true }, cancellationToken: Cancellation);

        Assert.Equal(("40", "0.6", "0.3"), (info.Metadata["held_out"], info.Metadata["loss"], info.Metadata["base_loss"]));
        Assert.Equal(harmful, forced.Task.LiveRevision);
    }

    [Fact]
    public async Task GetDifficulty_BeforeAndAfterTraining_MeasuresTheBaseThenTheRevision()
    {
        var task = await LabelledAsync(shots: 4);
        var before = await DifficultyAsync(task);

        var revision = await TrainedAsync(task, PromotionPolicy.Manual);
        var after = await DifficultyAsync(task);

        Assert.Equal(("", 12, 3), (before.Revision, before.Examples, before.Classes.Count));
        Assert.All(before.Classes, one => Assert.Equal((4, 0.0, null), (one.Shots, one.RelativeResidual, one.HeldOutRecall)));
        Assert.Equal(revision.Name, after.Revision);
        Assert.Equal(before.ZeroShotAccuracy, after.ZeroShotAccuracy);
        Assert.All(after.Classes, one => Assert.True(one.RelativeResidual > 0 && one.HeldOutRecall is not null));
        Assert.Equal(100 / (3 * after.ZeroShotAccuracy.Value), after.RelativeTransferDifficulty.Value, 1e-6);
    }

    [Fact]
    public async Task GetDifficulty_OfARevisionOfAnotherTask_IsRefused()
    {
        var task = await _trainer.CreateWithExamplesAsync();

        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () =>
            _trainer.Client.GetDifficultyAsync(new GetDifficultyRequest { Task = task.Name, Revision = "tenants/other/tasks/x/revisions/abc" }, cancellationToken: Cancellation).ResponseAsync);
    }

    // Far apart, so that no two are taken for one.
    private static Example Picture(string label, int index) => new()
    {
        Sequence = index,
        ClassName = label,
        Image = new Image { Content = ByteString.CopyFrom(TestModel.Bitmap(32, 32, (int)((index + 1) * 2_654_435_761 % 0xFFFFFF))) },
    };

    private async Task<V1.Task> LabelledAsync(int shots)
    {
        var task = await _trainer.CreateAsync();
        await _trainer.AddAsync(task.Name, views: 0, [.. Enumerable.Range(0, 3 * shots).Select(index => Picture(TrainerUnderTest.Colours[index % 3], index))]);
        return task;
    }

    private async Task<Revision> TrainedAsync(V1.Task task, PromotionPolicy promotion, int? folds = null)
    {
        var settings = new TrainingSettings { Epochs = 5 };
        if (folds is { } count) settings.Folds = count;
        var job = await _trainer.EndAsync((await _trainer.TrainAsync(task.Name, settings, promotion)).Name);
        Assert.Equal(JobState.Succeeded, job.State);
        return (await _trainer.Client.GetRevisionAsync(new GetRevisionRequest { Name = job.Revision }, cancellationToken: Cancellation)).Revision;
    }

    private async Task<Difficulty> DifficultyAsync(V1.Task task) =>
        (await _trainer.Client.GetDifficultyAsync(new GetDifficultyRequest { Task = task.Name }, cancellationToken: Cancellation)).Difficulty;

    private async Task<string> PublishAsync(V1.Task task, HeldOutEvidence evidence)
    {
        var registry = _trainer.Registry;
        var zeroShot = await registry.ReadRevisionAsync(RevisionName.Parse(task.LiveRevision, "live"), Cancellation);
        var revision = new Core.Learning.Revision
        {
            ClassNames = zeroShot.ClassNames,
            Templates = zeroShot.Templates,
            BaseKind = zeroShot.BaseKind,
            Base = zeroShot.Base,
            Residual = zeroShot.Residual,
            Alpha = 0.5,
            LogitScale = zeroShot.LogitScale,
            EncoderFingerprint = zeroShot.EncoderFingerprint,
            Settings = zeroShot.Settings,
            Method = "taskres",
            ExampleDigests = [],
            Measured = null,
            Evidence = evidence,
        };
        return $"{(await registry.PublishAsync(TaskName.Parse(task.Name, "name"), revision, Cancellation)).Name}";
    }
}
