using Google.Rpc;
using Grpc.Core;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

[Collection(TrainerCollection.Name)]
public sealed class RevisionTests(TrainerFixture fixture)
{
    private readonly TrainerUnderTest _trainer = fixture.Trainer;

    private TrainerService.TrainerServiceClient Client => _trainer.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PromoteRevision_ExpectingAnother_IsAConflictAndChangesNothing()
    {
        var (task, trained) = await TrainedAsync();
        var stale = new PromoteRevisionRequest { Name = task.LiveRevision, ExpectedLiveRevision = task.LiveRevision };

        await Refused.WithAsync(StatusCode.Aborted, "CONFLICT", async () => await Client.PromoteRevisionAsync(stale, cancellationToken: Cancellation));

        Assert.Equal(trained, (await _trainer.GetAsync(task.Name)).LiveRevision);
    }

    [Fact]
    public async Task PromoteRevision_ExpectingTheLiveOne_MakesItLive()
    {
        var (task, trained) = await TrainedAsync();

        var response = await Client.PromoteRevisionAsync(new PromoteRevisionRequest { Name = task.LiveRevision, ExpectedLiveRevision = trained }, cancellationToken: Cancellation);

        Assert.Equal(task.LiveRevision, response.Task.LiveRevision);
    }

    [Fact]
    public async Task PromoteRevision_ExpectingOneOfAnotherTask_IsRefused()
    {
        var (task, trained) = await TrainedAsync();
        var foreign = trained.Replace("/colours/", "/other/", StringComparison.Ordinal);

        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", async () =>
            await Client.PromoteRevisionAsync(new PromoteRevisionRequest { Name = task.LiveRevision, ExpectedLiveRevision = foreign }, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task RollbackTask_AfterTraining_ZeroShotIsLiveAgain()
    {
        var (task, _) = await TrainedAsync();

        var response = await Client.RollbackTaskAsync(new RollbackTaskRequest { Name = task.Name }, cancellationToken: Cancellation);

        Assert.Equal(task.LiveRevision, response.Task.LiveRevision);
    }

    [Fact]
    public async Task SetRollout_ThenPromote_ShowsItUntilThen()
    {
        var (task, trained) = await TrainedAsync();
        var rollout = new Rollout { CanaryRevision = task.LiveRevision, CanaryPercent = 5, ShadowRevision = task.LiveRevision };

        var set = await Client.SetRolloutAsync(new SetRolloutRequest { Task = task.Name, Rollout = rollout }, cancellationToken: Cancellation);

        Assert.Equal((trained, rollout), (set.Task.LiveRevision, set.Task.Rollout));
        Assert.Equal(set.Task, await _trainer.GetAsync(task.Name));
        var promoted = await Client.PromoteRevisionAsync(new PromoteRevisionRequest { Name = task.LiveRevision, Etag = set.Task.Etag }, cancellationToken: Cancellation);
        Assert.Null(promoted.Task.Rollout);
        Assert.NotEqual(set.Task.Etag, promoted.Task.Etag);
    }

    [Theory]
    [InlineData("mine", 0, "rollout.canary_percent")]
    [InlineData("mine", 100, "rollout.canary_percent")]
    [InlineData("mine", double.NaN, "rollout.canary_percent")]
    [InlineData("", 5, "rollout.canary_percent")]
    [InlineData("foreign", 5, "rollout.canary_revision")]
    [InlineData("nonsense", 5, "rollout.canary_revision")]
    public async Task SetRollout_OutOfBounds_IsRefusedNamingTheField(string canary, double percent, string field)
    {
        var task = await _trainer.CreateAsync();
        var revision = canary switch { "mine" => task.LiveRevision, "foreign" => task.LiveRevision.Replace("/colours/", "/other/", StringComparison.Ordinal), _ => canary };
        var request = new SetRolloutRequest { Task = task.Name, Rollout = new Rollout { CanaryRevision = revision, CanaryPercent = percent } };

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await Client.SetRolloutAsync(request, cancellationToken: Cancellation));
        Assert.Equal(field, Assert.Single(refused.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    [Fact]
    public async Task DeleteTask_WithAnEtagOfBefore_IsAConflictAndCancelsNothing()
    {
        var task = await _trainer.CreateWithExamplesAsync();
        var before = (await _trainer.GetAsync(task.Name)).Etag;
        await _trainer.EndAsync((await _trainer.TrainAsync(task.Name)).Name);
        var job = await _trainer.TrainAsync(task.Name);

        await Refused.WithAsync(StatusCode.Aborted, "CONFLICT", async () => await Client.DeleteTaskAsync(new DeleteTaskRequest { Name = task.Name, Etag = before }, cancellationToken: Cancellation));

        Assert.Equal(JobState.Succeeded, (await _trainer.EndAsync(job.Name)).State);
        var now = (await _trainer.GetAsync(task.Name)).Etag;
        await Client.DeleteTaskAsync(new DeleteTaskRequest { Name = task.Name, Etag = now }, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task ListRevisions_NewestFirst_MarksTheLiveOne()
    {
        var (task, trained) = await TrainedAsync();

        var revisions = (await Client.ListRevisionsAsync(new ListRevisionsRequest { Parent = task.Name }, cancellationToken: Cancellation)).Revisions;

        Assert.Equal([(trained, true), (task.LiveRevision, false)], revisions.Select(revision => (revision.Name, revision.Live)));
    }

    [Fact]
    public async Task ImportRevision_OfAnExportedOne_IsTheSameRevisionAndNotLive()
    {
        var (_, trained) = await TrainedAsync();
        var target = await _trainer.CreateAsync();

        var imported = await _trainer.ImportAsync(target.Name, await _trainer.ExportAsync(trained));

        Assert.Equal(trained.Split('/')[^1], imported.Name.Split('/')[^1]);
        Assert.False(imported.Live);
        Assert.Equal(await _trainer.ExportAsync(trained), await _trainer.ExportAsync(imported.Name));
    }

    [Fact]
    public async Task ImportRevision_WithOneBitChanged_IsRefused()
    {
        var (task, trained) = await TrainedAsync();
        var file = await _trainer.ExportAsync(trained);
        file[^5] ^= 1;

        await Refused.WithAsync(StatusCode.DataLoss, "REVISION_CORRUPT", () => _trainer.ImportAsync(task.Name, file));
    }

    [Fact]
    public async Task ImportRevision_OfAnotherEncoder_IsRefused()
    {
        var task = await _trainer.CreateAsync();
        var foreign = ZeroShot(await _trainer.ExportAsync(task.LiveRevision), "another", columns: null);

        await Refused.WithAsync(StatusCode.FailedPrecondition, "ENCODER_MISMATCH", () => _trainer.ImportAsync(task.Name, foreign));
    }

    [Fact]
    public async Task ImportRevision_OfAnotherDimension_IsRefused()
    {
        var task = await _trainer.CreateAsync();
        var misfit = ZeroShot(await _trainer.ExportAsync(task.LiveRevision), fingerprint: null, columns: 8);

        await Refused.WithAsync(StatusCode.InvalidArgument, "FEATURES_INVALID", () => _trainer.ImportAsync(task.Name, misfit));
    }

    [Fact]
    public async Task ImportRevision_OfOtherClasses_IsRefused()
    {
        var (_, trained) = await TrainedAsync();
        var other = await _trainer.CreateAsync(BaseKind.Prompts, "red", "green", "yellow");

        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", async () => await _trainer.ImportAsync(other.Name, await _trainer.ExportAsync(trained)));
    }

    [Fact]
    public async Task ImportRevision_IntoNoTask_IsRefusedBeforeTheFileIsRead() =>
        await Refused.WithAsync(StatusCode.NotFound, "TASK_NOT_FOUND", () => _trainer.ImportAsync($"{TrainerUnderTest.NewTenant()}/tasks/none", [1, 2, 3]));

    [Fact]
    public async Task ExportRevision_ThatDoesNotExist_IsRefused()
    {
        var task = await _trainer.CreateAsync();

        await Refused.WithAsync(StatusCode.NotFound, "REVISION_NOT_FOUND", () => _trainer.ExportAsync($"{task.Name}/revisions/0123"));
    }

    private async Task<(V1.Task Task, string Trained)> TrainedAsync()
    {
        var task = await _trainer.CreateWithExamplesAsync();
        return (task, (await _trainer.EndAsync((await _trainer.TrainAsync(task.Name)).Name)).Revision);
    }

    // The same zero-shot revision, sound in itself, of another encoder or dimension.
    private static byte[] ZeroShot(byte[] file, string? fingerprint, int? columns)
    {
        var revision = Core.Learning.Revision.Parse(file, "file");
        var classifier = columns is { } count
            ? new Core.Learning.Matrix(revision.Base.Rows, count, [.. Enumerable.Repeat(1f, revision.Base.Rows * count)])
            : revision.Base;
        return Core.Learning.Revision.ZeroShot(
            revision.ClassNames, revision.Templates, classifier, revision.LogitScale, fingerprint ?? revision.EncoderFingerprint).ToSafetensors();
    }
}
