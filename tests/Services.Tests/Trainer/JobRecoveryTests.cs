using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;
using TaskRes.Trainer.Jobs;
using TaskRes.V1;
using JobState = TaskRes.V1.JobState;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

/// <summary>A lost worker is one that took a job up and was never heard of again: its lease runs out.</summary>
public sealed class JobRecoveryTests
{
    private static readonly (string, string)[] NoWorkers = [("Trainer:ConcurrentJobs", "0"), ("Trainer:Lease", "00:00:00.5")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_OfALostWorker_IsTakenUpAgainAndTheLostOnesEndDoesNotCount()
    {
        using var redis = await RedisServer.StartAsync();
        await using var front = await TrainerUnderTest.StartAsync(redis, NoWorkers);
        var task = await front.CreateWithExamplesAsync();
        var job = await front.TrainAsync(task.Name);
        var (lease, record) = await TakeUpAsync(front, job);

        await using var trainer = await TrainerUnderTest.StartAsync(redis);
        var ended = await front.EndAsync(job.Name);

        Assert.Equal((JobState.Succeeded, 2), (ended.State, ended.Attempt));
        Assert.False(await front.Jobs.ReleaseAsync(lease, record with { State = TaskRes.Trainer.Jobs.JobState.Failed }, Cancellation));
        Assert.Equal(ended, (await front.Client.GetJobAsync(new GetJobRequest { Name = job.Name }, cancellationToken: Cancellation)).Job);
    }

    [Fact]
    public async Task Job_WhoseWorkersAreAllLost_FailsWithTheReason()
    {
        using var redis = await RedisServer.StartAsync();
        await using var front = await TrainerUnderTest.StartAsync(redis, NoWorkers);
        var task = await front.CreateWithExamplesAsync();
        var job = await front.TrainAsync(task.Name);
        for (var attempt = 1; attempt <= 3; attempt++) await TakeUpAsync(front, job);

        await using var trainer = await TrainerUnderTest.StartAsync(redis);
        var ended = await front.EndAsync(job.Name);

        Assert.Equal((JobState.Failed, ErrorReason.Internal, "3"), (ended.State, ended.Error.Reason, ended.Error.Metadata["attempts"]));
    }

    [Fact]
    public async Task Reapers_AtOneTime_PutALostJobBackOnce()
    {
        using var redis = await RedisServer.StartAsync();
        await using var front = await TrainerUnderTest.StartAsync(redis, ("Trainer:ConcurrentJobs", "0"), ("Trainer:PollInterval", "00:01:00"), ("Trainer:Lease", "00:00:00.5"));
        var task = await front.CreateWithExamplesAsync();
        var job = await front.TrainAsync(task.Name);
        Assert.NotNull(await front.Queue.TakeAsync(Cancellation));

        var reaped = 0;
        await Eventually.HoldsAsync(
            async () => (reaped += (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => front.Queue.ReapAsync(Cancellation)))).Sum(jobs => jobs.Count)) > 0, "the lease has run out");

        Assert.Equal(1, reaped);
        Assert.Equal(job.Name, $"{(await front.Queue.TakeAsync(Cancellation))!.Job}");
        Assert.Null(await front.Queue.TakeAsync(Cancellation));
    }

    [Fact]
    public async Task Job_OfAServiceThatStops_GoesBackAndTheAttemptDoesNotCount()
    {
        using var redis = await RedisServer.StartAsync();
        await using var front = await TrainerUnderTest.StartAsync(redis, ("Trainer:ConcurrentJobs", "0"));
        var task = await front.CreateWithExamplesAsync();
        Job job;
        await using (var stopping = await TrainerUnderTest.StartAsync(redis))
        {
            job = await front.TrainAsync(task.Name, new TrainingSettings { Epochs = 3_000 });
            await front.WatchAsync(job.Name, shown => shown.Progress?.Epoch > 0);
            await stopping.StopAsync();
        }

        var waiting = (await front.Client.GetJobAsync(new GetJobRequest { Name = job.Name }, cancellationToken: Cancellation)).Job;
        await using var trainer = await TrainerUnderTest.StartAsync(redis);
        var ended = await front.EndAsync(job.Name);

        Assert.Equal((JobState.Queued, 0), (waiting.State, waiting.Attempt));
        Assert.Equal((JobState.Succeeded, 1), (ended.State, ended.Attempt));
    }

    // What a worker does before it is lost.
    private static async Task<(JobLease Lease, JobRecord Record)> TakeUpAsync(TrainerUnderTest front, Job job)
    {
        JobLease? lease = null;
        await Eventually.HoldsAsync(async () => (lease = await front.Queue.TakeAsync(Cancellation)) is not null, "the job can be taken up");
        var waiting = await front.Jobs.GetAsync(JobName.Parse(job.Name, "job"), Cancellation);
        var record = waiting with { State = TaskRes.Trainer.Jobs.JobState.Running, Attempt = waiting.Attempt + 1 };
        Assert.True(await front.Jobs.WriteAsync(lease!, record, Cancellation));
        return (lease!, record);
    }
}
