using Grpc.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

public sealed class OutageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddExamples_WhileRedisGoesDown_KeepsWhatWasAcknowledged()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis);
        var task = await trainer.CreateAsync();
        var acknowledged = await trainer.AddAsync(task.Name, views: 0, [.. Enumerable.Range(0, 20).Select(i => TrainerUnderTest.Shot("red", i))]);

        using var call = trainer.Client.AddExamples(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new AddExamplesRequest { Header = new AddExamplesHeader { Task = task.Name } }, Cancellation);
        await call.RequestStream.WriteAsync(new AddExamplesRequest { Example = TrainerUnderTest.Shot("green", 0) }, Cancellation);
        redis.Kill();
        await Streams.SendAsync(call.RequestStream, Enumerable.Range(1, 100).Select(i => new AddExamplesRequest { Example = TrainerUnderTest.Shot("green", i) }));
        await Refused.WithAsync(StatusCode.Unavailable, "REGISTRY_UNAVAILABLE", async () => await call);
        await redis.StartAsync();

        Assert.Equal((20, 0), (acknowledged.Added, acknowledged.Failed));
        await Eventually.HoldsAsync(async () => await CountAsync(trainer, task.Name) is { } counts && counts[0] == 20, "all that was acknowledged is there");
    }

    [Fact]
    public async Task Job_WhileRedisGoesDownAndComesBack_IsDone()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis, ("Trainer:Lease", "00:00:01"));
        var task = await trainer.CreateWithExamplesAsync();
        var job = await trainer.TrainAsync(task.Name, new TrainingSettings { Epochs = 2_000 });
        await trainer.WatchAsync(job.Name, shown => shown.Progress?.Epoch > 0);

        redis.Kill();
        await redis.StartAsync();

        Job? ended = null;
        await Eventually.HoldsAsync(async () => (ended = await FindAsync(trainer, job.Name))?.EndTime is not null, "the job has ended");
        Assert.Equal(JobState.Succeeded, ended!.State);
        Assert.Equal(ended.Revision, (await trainer.GetAsync(task.Name)).LiveRevision);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CreateTask_WhoseZeroShotCannotBeStored_LeavesNothingButWhatAnotherCallMadeWhole(bool madeWhole)
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis);
        // What lists say of a revision cannot be read where its key is a list. The same classes give a revision of the same id.
        var like = RevisionName.Parse((await trainer.CreateAsync(classNames: ["x", "y"])).LiveRevision, "live");
        var task = TaskName.Parse($"{TrainerUnderTest.NewTenant()}/tasks/t", "task");
        await trainer.Redis.RunAsync("block", database => database.ListLeftPushAsync(RedisKeys.Revision(task.Revision(like.Revision)), "blocked"), Cancellation);
        if (madeWhole) await trainer.Redis.RunAsync("promote", database => database.ListLeftPushAsync(RedisKeys.Live(task), "of-another-call"), Cancellation);
        var request = new CreateTaskRequest { Parent = $"{task.Tenant}", TaskId = "t", Task = new V1.Task { ClassNames = { "x", "y" } } };

        await Refused.WithAsync(StatusCode.Unavailable, "REGISTRY_UNAVAILABLE", async () => await trainer.Client.CreateTaskAsync(request, cancellationToken: Cancellation));

        var left = (await trainer.Client.ListTasksAsync(new ListTasksRequest { Parent = $"{task.Tenant}" }, cancellationToken: Cancellation)).Tasks;
        Assert.Equal(madeWhole ? [$"{task.Revision("of-another-call")}"] : [], left.Select(made => made.LiveRevision));
        // What blocked it went with what was left of the task: the name is free.
        if (!madeWhole) Assert.NotEqual("", (await trainer.Client.CreateTaskAsync(request, cancellationToken: Cancellation)).Task.LiveRevision);
    }

    private static async Task<IReadOnlyList<int>?> CountAsync(TrainerUnderTest trainer, string task)
    {
        try
        {
            return (await trainer.Client.GetTaskAsync(new GetTaskRequest { Name = task }, cancellationToken: Cancellation)).ExamplesPerClass;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            return null;
        }
    }

    private static async Task<Job?> FindAsync(TrainerUnderTest trainer, string job)
    {
        try
        {
            return (await trainer.Client.GetJobAsync(new GetJobRequest { Name = job }, cancellationToken: Cancellation)).Job;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            return null;
        }
    }
}
