using Grpc.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

public sealed class JobTests
{
    private static readonly TrainingSettings Long = new() { Epochs = 10_000, BatchSize = 1 };

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
        Assert.Equal(2, (await trainer.Jobs.NamesAsync(TaskName.Parse(task.Name, "task"), Cancellation)).Count);
    }

    [Fact]
    public async Task ListJobs_PageByPage_NewestFirstWithoutTheirCourses()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis);
        var task = await trainer.CreateWithExamplesAsync();
        Assert.Empty((await trainer.Client.ListJobsAsync(new ListJobsRequest { Parent = task.Name }, cancellationToken: Cancellation)).Jobs);
        var ended = new List<Job>();
        for (var count = 0; count < 5; count++) ended.Add(await trainer.EndAsync((await trainer.TrainAsync(task.Name)).Name));

        var (listed, token) = (new List<Job>(), "");
        do
        {
            var page = await trainer.Client.ListJobsAsync(new ListJobsRequest { Parent = task.Name, PageSize = 2, PageToken = token }, cancellationToken: Cancellation);
            listed.AddRange(page.Jobs);
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        foreach (var job in ended) job.Progress.Course.Clear();
        // Those of one millisecond are in the order of their ids.
        Assert.Equal(ended.OrderByDescending(job => job.CreateTime.ToDateTime()).ThenByDescending(job => job.Name, StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task ListJobs_OfAState_OnlyThose()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis, ("Trainer:ConcurrentJobs", "0"));
        var task = await trainer.CreateWithExamplesAsync();
        var (waiting, cancelled) = (await trainer.TrainAsync(task.Name), await trainer.TrainAsync(task.Name));
        await trainer.Client.CancelJobAsync(new CancelJobRequest { Name = cancelled.Name }, cancellationToken: Cancellation);

        Assert.Equal([waiting.Name], await ListAsync(JobState.Queued));
        Assert.Equal([cancelled.Name], await ListAsync(JobState.Cancelled));
        Assert.Empty(await ListAsync(JobState.Failed));
        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => ListAsync((JobState)99));

        async Task<IEnumerable<string>> ListAsync(JobState state) =>
            (await trainer.Client.ListJobsAsync(new ListJobsRequest { Parent = task.Name, State = state }, cancellationToken: Cancellation)).Jobs.Select(job => job.Name);
    }

    [Fact]
    public async Task ListJobs_OneDamaged_IsShownAsFailedAndHidesNoOther()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis, ("Trainer:ConcurrentJobs", "0"));
        await using var registry = TestRegistry.At(redis.ConnectionString);
        var task = await trainer.CreateWithExamplesAsync();
        var (damaged, sound) = (await trainer.TrainAsync(task.Name), await trainer.TrainAsync(task.Name));
        await registry.Raw.StringSetAsync(RedisKeys.Job(JobName.Parse(damaged.Name, "name")), "not a job");

        var jobs = (await trainer.Client.ListJobsAsync(new ListJobsRequest { Parent = task.Name }, cancellationToken: Cancellation)).Jobs.ToDictionary(job => job.Name);
        Assert.Equal((JobState.Failed, ErrorReason.RevisionCorrupt), (jobs[damaged.Name].State, jobs[damaged.Name].Error.Reason));
        Assert.Equal(JobState.Queued, jobs[sound.Name].State);
    }

    [Fact]
    public async Task ListJobs_OfNoTask_IsRefused()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis);

        await Refused.WithAsync(StatusCode.NotFound, "TASK_NOT_FOUND", async () =>
            await trainer.Client.ListJobsAsync(new ListJobsRequest { Parent = "tenants/acme/tasks/none" }, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task TrainTask_BeyondTheJobsThatAreKept_ForgetsTheOldestThatEnded()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis, ("Trainer:ConcurrentJobs", "0"), ("Trainer:JobsPerTask", "3"));
        var task = await trainer.CreateWithExamplesAsync();
        var waiting = await trainer.TrainAsync(task.Name);
        var jobs = new List<string>();
        for (var count = 0; count < 4; count++)
        {
            jobs.Add((await trainer.TrainAsync(task.Name)).Name);
            await trainer.Client.CancelJobAsync(new CancelJobRequest { Name = jobs[^1] }, cancellationToken: Cancellation);
        }

        var listed = (await trainer.Client.ListJobsAsync(new ListJobsRequest { Parent = task.Name }, cancellationToken: Cancellation)).Jobs.Select(job => job.Name).ToList();
        Assert.Contains(waiting.Name, listed);
        Assert.Contains(jobs[^1], listed);
        Assert.InRange(listed.Count, 3, 4);
        await Refused.WithAsync(StatusCode.NotFound, "JOB_NOT_FOUND", async () => await trainer.Client.GetJobAsync(new GetJobRequest { Name = jobs[0] }, cancellationToken: Cancellation));
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
