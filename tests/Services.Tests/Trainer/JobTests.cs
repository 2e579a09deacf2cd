using Grpc.Core;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

public sealed class JobTests
{
    private static readonly TrainingSettings Long = new() { Epochs = 10_000 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CancelJob_ThatRuns_EndsItBetweenEpochs()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis);
        var task = await trainer.CreateWithExamplesAsync();
        var job = await trainer.TrainAsync(task.Name, Long);
        await trainer.WatchAsync(job.Name, shown => shown.Progress?.Epoch > 0);

        await trainer.Client.CancelJobAsync(new CancelJobRequest { Name = job.Name }, cancellationToken: Cancellation);

        var ended = await trainer.EndAsync(job.Name);
        Assert.Equal((JobState.Cancelled, ""), (ended.State, ended.Revision));
        Assert.InRange(ended.Progress.Epoch, 1, Long.Epochs - 1);
        Assert.Equal(ended, (await trainer.Client.CancelJobAsync(new CancelJobRequest { Name = job.Name }, cancellationToken: Cancellation)).Job);
        Assert.Equal(task.LiveRevision, (await trainer.GetAsync(task.Name)).LiveRevision);
    }

    [Fact]
    public async Task CancelJob_ThatWaits_EndsItAtOnce()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis, ("Trainer:ConcurrentJobs", "0"));
        var task = await trainer.CreateWithExamplesAsync();
        var job = await trainer.TrainAsync(task.Name);

        var cancelled = (await trainer.Client.CancelJobAsync(new CancelJobRequest { Name = job.Name }, cancellationToken: Cancellation)).Job;

        Assert.Equal((JobState.Cancelled, 0), (cancelled.State, cancelled.Attempt));
        Assert.Null(await trainer.Queue.TakeAsync(Cancellation));
    }

    [Fact]
    public async Task WatchJob_OnAnotherReplica_ShowsProgressAndTheEnd()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis);
        await using var front = await TrainerUnderTest.StartAsync(redis, ("Trainer:ConcurrentJobs", "0"));
        var task = await front.CreateWithExamplesAsync();
        var job = await front.TrainAsync(task.Name, new TrainingSettings { Epochs = 2_000 });

        var running = await front.WatchAsync(job.Name, shown => shown.Progress?.Epoch > 0);
        var ended = await front.EndAsync(job.Name);

        Assert.Equal((JobState.Running, 2_000), (running.State, running.Progress.Epochs));
        Assert.Equal((JobState.Succeeded, 2_000), (ended.State, ended.Progress.Epoch));
    }

    [Fact]
    public async Task WatchJob_ThatDoesNotExist_IsRefused()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis);
        var task = await trainer.CreateAsync();

        await Refused.WithAsync(StatusCode.NotFound, "JOB_NOT_FOUND", () => trainer.EndAsync($"{task.Name}/jobs/none"));
    }

    [Fact]
    public async Task TrainTask_OverTheTenantsLimit_IsRefusedAndOthersAreNot()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis, ("Trainer:ConcurrentJobs", "0"), ("Quotas:TrainingJobs", "2"), ("Trainer:MaxQueuedJobs", "3"));
        var (task, other) = (await trainer.CreateWithExamplesAsync(), await trainer.CreateWithExamplesAsync());
        await trainer.TrainAsync(task.Name);
        await trainer.TrainAsync(task.Name);

        var ofTenant = await Refused.WithAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => trainer.TrainAsync(task.Name));
        await trainer.TrainAsync(other.Name);
        var ofAll = await Refused.WithAsync(StatusCode.ResourceExhausted, "QUEUE_FULL", () => trainer.TrainAsync(other.Name));

        Assert.Equal(("2", "3"), (ofTenant.Metadata["limit"], ofAll.Metadata["limit"]));
        Assert.Equal(2, (await trainer.Jobs.ListAsync(TaskName.Parse(task.Name, "task"), Cancellation)).Count);
    }

    [Fact]
    public async Task TwoReplicas_WithManyJobs_RunEachOnce()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis, ("Trainer:ConcurrentJobs", "2"));
        await using var other = await TrainerUnderTest.StartAsync(redis, ("Trainer:ConcurrentJobs", "2"));
        var task = await trainer.CreateWithExamplesAsync();
        var jobs = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => trainer.TrainAsync(task.Name)));

        var ended = await Task.WhenAll(jobs.Select(job => trainer.EndAsync(job.Name)));

        Assert.All(ended, job => Assert.Equal((JobState.Succeeded, 1), (job.State, job.Attempt)));
        Assert.Single(ended.Select(job => job.Revision).Distinct());
    }
}
