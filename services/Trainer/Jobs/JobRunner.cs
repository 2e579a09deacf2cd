using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Usage;
using TaskRes.Trainer.Training;

namespace TaskRes.Trainer.Jobs;

/// <summary>Runs a job that was taken up, from its lease to its end.</summary>
internal sealed partial class JobRunner(
    JobStore store, JobQueue queue, JobLeases leases, JobEvents events, TrainingRun training, Patience patience, UsageLedger usage, IOptions<TrainerOptions> options, TimeProvider time, ILogger<JobRunner> logger)
{
    /// <param name="lease">As taken from the queue.</param>
    /// <param name="stopping">Ends the run; the job goes back to the queue.</param>
    public async Task RunAsync(JobLease lease, CancellationToken stopping)
    {
        await using var keeper = new LeaseKeeper(lease, leases, store, events, options, time, stopping);
        try
        {
            var job = await patience.RunAsync(token => store.FindAsync(lease.Job, token), keeper.Held);
            if (job is null or { HasEnded: true }) await ForgetAsync(lease, keeper.Held);
            else if (job.Attempt >= options.Value.MaxAttempts) await EndAsync(lease, Exhausted(job), keeper.Held);
            else await RunAsync(lease, job with { State = JobState.Running, Attempt = job.Attempt + 1, StartTime = time.GetUtcNow(), Progress = null }, keeper);
        }
        catch (OperationCanceledException) when (keeper.End == RunEnd.Lost)
        {
            Log.Lost(logger, lease.Job);
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.RegistryUnavailable)
        {
            // Nobody can be told: the lease runs out, and the job is taken up again.
            Log.Abandoned(logger, lease.Job);
        }
    }

    private async Task RunAsync(JobLease lease, JobRecord job, LeaseKeeper keeper)
    {
        if (!await patience.RunAsync(token => store.WriteAsync(lease, job, token), keeper.Held)) return;
        Log.Started(logger, job.Name, job.Attempt);
        if (job is { Attempt: 1, StartTime: { } started }) TrainerMetrics.RecordWait(started - job.CreateTime);
        var (ended, progress) = await MeasureAsync(job.Name, () => TrainAsync(lease, job, keeper));
        if (ended is null) await PutBackAsync(lease, job, keeper.Held);
        else await EndAsync(lease, ended with { Progress = progress }, keeper.Held);
    }

    private async Task<(JobRecord? Ended, JobProgress? Progress)> MeasureAsync(JobName name, Func<Task<(JobRecord? Ended, JobProgress? Progress)>> train)
    {
        var start = time.GetTimestamp();
        try
        {
            var trained = await train();
            if (trained.Ended is { } ended) TrainerMetrics.RecordJob(ended.State, time.GetElapsedTime(start));
            return trained;
        }
        finally
        {
            usage.Add(name.Task.Tenant, UsageCount.TrainingMicroseconds, time.GetElapsedTime(start));
        }
    }

    // Null where the job was broken off since the service stops.
    private async Task<(JobRecord? Ended, JobProgress? Progress)> TrainAsync(JobLease lease, JobRecord job, LeaseKeeper keeper)
    {
        await using var progress = new ProgressWriter((done, token) => store.WriteAsync(lease, job with { Progress = done }, token), options.Value.ProgressInterval, time);
        try
        {
            var trained = await training.RunAsync(job, progress, token => leases.RenewAsync(lease, token), keeper.Run);
            return (job with { State = JobState.Succeeded, Revision = trained.Revision, Promoted = trained.Promoted }, progress.Last);
        }
        catch (OperationCanceledException) when (keeper.End == RunEnd.Cancelled)
        {
            return (job with { State = JobState.Cancelled }, progress.Last);
        }
        catch (OperationCanceledException) when (keeper.End == RunEnd.Stopping)
        {
            return (null, null);
        }
        catch (TaskResException exception)
        {
            return (job with { State = JobState.Failed, Error = exception }, progress.Last);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.Unexpected(logger, job.Name, exception);
            return (job with { State = JobState.Failed, Error = new TaskResException(ErrorReason.Internal, "An internal fault; the service's log says more.") }, progress.Last);
        }
    }

    private async Task EndAsync(JobLease lease, JobRecord job, CancellationToken held)
    {
        var ended = job with { EndTime = time.GetUtcNow() };
        if (!await patience.RunAsync(token => store.ReleaseAsync(lease, ended, token), held))
        {
            Log.Lost(logger, job.Name);
            return;
        }

        usage.Add(job.Name.Task.Tenant, UsageCount.Jobs);
        Log.Ended(logger, job.Name, job.State, job.Error?.Message ?? "");
        await queue.RemoveAsync(job.Name, CancellationToken.None);
    }

    // A stop of the service is no fault of the job's: the attempt does not count.
    private async Task PutBackAsync(JobLease lease, JobRecord job, CancellationToken held)
    {
        var waiting = job with { State = JobState.Queued, Attempt = job.Attempt - 1, StartTime = null };
        if (!await patience.RunAsync(token => store.ReleaseAsync(lease, waiting, token), held)) return;
        await queue.PutBackAsync(job.Name, CancellationToken.None);
        Log.PutBack(logger, job.Name);
    }

    private async Task ForgetAsync(JobLease lease, CancellationToken held)
    {
        await queue.RemoveAsync(lease.Job, held);
        await leases.DropAsync(lease, held);
    }

    private static JobRecord Exhausted(JobRecord job) => job with
    {
        State = JobState.Failed,
        Error = new TaskResException(ErrorReason.Internal, $"The job was taken up {job.Attempt} times and its worker was lost each time: look into the trainers' logs, then train again.")
        {
            Metadata = new Dictionary<string, string> { ["attempts"] = $"{job.Attempt}" },
        },
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "JobStarted", Level = LogLevel.Information, Message = "{Job} started, attempt {Attempt}")]
        public static partial void Started(ILogger logger, Platform.Resources.JobName job, int attempt);

        [LoggerMessage(EventId = 2, EventName = "JobEnded", Level = LogLevel.Information, Message = "{Job} ended: {State} {Error}")]
        public static partial void Ended(ILogger logger, Platform.Resources.JobName job, JobState state, string error);

        [LoggerMessage(EventId = 3, EventName = "JobPutBack", Level = LogLevel.Information, Message = "{Job} goes back to the queue since the service stops")]
        public static partial void PutBack(ILogger logger, Platform.Resources.JobName job);

        [LoggerMessage(EventId = 4, EventName = "JobLost", Level = LogLevel.Warning, Message = "The lease of {Job} was lost, and with it the job")]
        public static partial void Lost(ILogger logger, Platform.Resources.JobName job);

        [LoggerMessage(EventId = 5, EventName = "JobAbandoned", Level = LogLevel.Warning, Message = "{Job} is left to its lease since the registry does not answer")]
        public static partial void Abandoned(ILogger logger, Platform.Resources.JobName job);

        [LoggerMessage(EventId = 6, EventName = "JobFailed", Level = LogLevel.Error, Message = "{Job} failed unexpectedly")]
        public static partial void Unexpected(ILogger logger, Platform.Resources.JobName job, Exception exception);
    }
}
