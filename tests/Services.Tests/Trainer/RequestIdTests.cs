using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Requests.Stored;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

[Collection(TrainerCollection.Name)]
public sealed class RequestIdTests(TrainerFixture fixture)
{
    private readonly TrainerUnderTest _trainer = fixture.Trainer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateTask_WithTheSameRequestId_GivesTheFirstAnswer()
    {
        var request = NewTask();

        var first = await _trainer.Client.CreateTaskAsync(request, cancellationToken: Cancellation);
        var again = await _trainer.Client.CreateTaskAsync(request, cancellationToken: Cancellation);

        Assert.Equal(first, again);
    }

    [Fact]
    public async Task CreateTask_WithTheSameRequestIdAndAnotherBody_IsRefused()
    {
        var request = NewTask();
        await _trainer.Client.CreateTaskAsync(request, cancellationToken: Cancellation);
        request.TaskId = "other";

        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", async () => await _trainer.Client.CreateTaskAsync(request, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task CreateTask_WithARequestIdThatIsNoUuid_IsRefused()
    {
        var request = NewTask();
        request.RequestId = "7";

        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", async () => await _trainer.Client.CreateTaskAsync(request, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task TrainTask_WithTheSameRequestId_QueuesOneJob()
    {
        var task = await _trainer.CreateWithExamplesAsync();
        var request = new TrainTaskRequest { Task = task.Name, Settings = new TrainingSettings { Epochs = 2 }, RequestId = $"{Guid.NewGuid()}" };

        var first = (await _trainer.Client.TrainTaskAsync(request, cancellationToken: Cancellation)).Job;
        await _trainer.EndAsync(first.Name);
        var again = (await _trainer.Client.TrainTaskAsync(request, cancellationToken: Cancellation)).Job;

        Assert.Equal(first, again);
        Assert.Single(await _trainer.Jobs.NamesAsync(TaskName.Parse(task.Name, "task"), Cancellation));
    }

    [Fact]
    public async Task TrainTask_ThatWasRefused_MayBeMadeAgainWithItsRequestId()
    {
        var task = await _trainer.CreateAsync();
        var request = new TrainTaskRequest { Task = task.Name, Settings = new TrainingSettings { Epochs = 2 }, RequestId = $"{Guid.NewGuid()}" };
        await Refused.WithAsync(StatusCode.FailedPrecondition, "NO_EXAMPLES", async () => await _trainer.Client.TrainTaskAsync(request, cancellationToken: Cancellation));
        await _trainer.AddAsync(task.Name, views: 0, TrainerUnderTest.Shot("red", 0));

        var job = (await _trainer.Client.TrainTaskAsync(request, cancellationToken: Cancellation)).Job;

        Assert.Equal(JobState.Succeeded, (await _trainer.EndAsync(job.Name)).State);
    }

    [Fact]
    public async Task CreateTask_WhoseFirstCallDied_IsMadeByTheRepetition()
    {
        var request = NewTask();
        // What a trainer leaves that is killed during the call: a claim that nobody renews.
        var claim = StoredValue.Seal(new Request { Sha256 = ByteString.CopyFrom(SHA256.HashData(request.ToByteArray())) });
        var key = RedisKeys.Request(TenantName.Parse(request.Parent, "parent"), "CreateTask", Guid.Parse(request.RequestId));
        await _trainer.Redis.RunAsync("claim", database => database.StringSetAsync(key, claim, TimeSpan.FromSeconds(2)), Cancellation);

        var made = await _trainer.Client.CreateTaskAsync(request, cancellationToken: Cancellation);

        Assert.NotEqual("", made.Task.LiveRevision);
    }

    [Fact]
    public async Task CreateTask_RepeatedWhileTheFirstCallIsUnderWay_GivesItsAnswer()
    {
        var request = NewTask();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _trainer.Client.CreateTaskAsync(request, cancellationToken: Cancellation).ResponseAsync));

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
    }

    [Fact]
    public async Task RollbackTask_WithTheSameRequestId_GoesBackOnce()
    {
        var task = await TrainedTwiceAsync();
        var request = new RollbackTaskRequest { Name = task.Name, RequestId = $"{Guid.NewGuid()}" };

        var first = await _trainer.Client.RollbackTaskAsync(request, cancellationToken: Cancellation);
        var again = await _trainer.Client.RollbackTaskAsync(request, cancellationToken: Cancellation);

        Assert.Equal(first, again);
        Assert.Equal(first.Task.LiveRevision, (await _trainer.GetAsync(task.Name)).LiveRevision);
        Assert.NotEqual(task.LiveRevision, first.Task.LiveRevision);
    }

    [Fact]
    public async Task RollbackTask_WhoseFirstCallDiedAfterTheChange_GoesBackOnce()
    {
        var task = await TrainedTwiceAsync();
        var request = new RollbackTaskRequest { Name = task.Name, RequestId = $"{Guid.NewGuid()}" };
        // What a trainer leaves that is killed before it has answered.
        var live = await _trainer.Registry.RollbackAsync(TaskName.Parse(task.Name, "name"), null, Guid.Parse(request.RequestId), Cancellation);

        var again = await _trainer.Client.RollbackTaskAsync(request, cancellationToken: Cancellation);

        Assert.Equal($"{live}", again.Task.LiveRevision);
    }

    // Zero-shot is two steps back.
    private async Task<V1.Task> TrainedTwiceAsync()
    {
        var task = await _trainer.CreateWithExamplesAsync();
        foreach (var seed in new[] { 1, 2 })
            await _trainer.EndAsync((await _trainer.TrainAsync(task.Name, new TrainingSettings { Epochs = 2, Seed = seed })).Name);
        return task;
    }

    private static CreateTaskRequest NewTask() => new()
    {
        Parent = TrainerUnderTest.NewTenant(),
        TaskId = "t",
        Task = new V1.Task { ClassNames = { "x", "y" } },
        RequestId = $"{Guid.NewGuid()}",
    };
}
