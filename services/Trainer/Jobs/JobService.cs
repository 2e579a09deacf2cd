using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Usage;
using TaskRes.Trainer.Training;

namespace TaskRes.Trainer.Jobs;

/// <summary>What a job is to do.</summary>
/// <param name="WarmStart">The revision to start from; null to start from nothing.</param>
internal sealed record JobOrder(TrainingSettings Settings, PromotionPolicy Promotion, RevisionName? WarmStart = null);

/// <summary>What callers do with jobs: queue, watch, cancel.</summary>
internal sealed class JobService(
    ITaskRegistry registry, TextTower tower, JobStore store, JobQueue queue, JobEvents events, UsageLedger usage, IOptions<TrainerOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <param name="id">The same id again is the same job.</param>
    /// <exception cref="TaskResException">MethodNotApplicable; TaskNotFound; NoExamples; QueueFull; QuotaExceeded.</exception>
    public async Task<JobRecord> QueueAsync(TaskName taskName, Guid id, JobOrder order, CancellationToken cancellationToken)
    {
        tower.Require(order.Settings.Method);
        var task = await registry.GetTaskAsync(taskName, cancellationToken);
        TrainingData.RequireExamples(task, await registry.CountExamplesAsync(taskName, cancellationToken));
        var job = await store.CreateAsync(
            new JobRecord { Name = taskName.Job($"{id:N}"), Settings = order.Settings, Promotion = order.Promotion, WarmStart = order.WarmStart, CreateTime = time.GetUtcNow() }, cancellationToken);
        if (job.State != JobState.Queued) return job;
        try
        {
            await queue.EnqueueAsync(job.Name, cancellationToken);
            return job;
        }
        catch (TaskResException exception) when (exception.Reason is ErrorReason.QueueFull or ErrorReason.QuotaExceeded)
        {
            await store.DeleteAsync(job.Name, CancellationToken.None);
            throw;
        }
    }

    /// <exception cref="TaskResException">JobNotFound.</exception>
    public Task<JobRecord> GetAsync(JobName name, CancellationToken cancellationToken) => store.GetAsync(name, cancellationToken);

    /// <exception cref="TaskResException">TaskNotFound; InvalidField, page_size or page_token.</exception>
    public async Task<Page<JobRecord>> ListAsync(TaskName task, JobState? state, PageRequest page, CancellationToken cancellationToken)
    {
        await registry.GetTaskAsync(task, cancellationToken);
        return await store.ListAsync(task, state, page, cancellationToken);
    }

    /// <summary>The job now, then whenever it changed, last with its final state.</summary>
    /// <exception cref="TaskResException">JobNotFound; ShuttingDown.</exception>
    public async IAsyncEnumerable<JobRecord> WatchAsync(JobName name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using var changed = events.Listen(name);
        JobRecord? shown = null;
        while (true)
        {
            var job = await store.GetAsync(name, cancellationToken);
            if (!IsSame(job, shown)) yield return job;
            if (job.HasEnded) yield break;
            shown = job;
            await changed.WaitAsync(options.Value.PollInterval, waiting.Token);
        }
    }

    /// <summary>Ends a job that waits at once, and one that runs as soon as its worker notices; one that has ended stays as it is.</summary>
    /// <exception cref="TaskResException">JobNotFound.</exception>
    public async Task<JobRecord> CancelAsync(JobName name, CancellationToken cancellationToken)
    {
        var job = await store.GetAsync(name, cancellationToken);
        if (job.HasEnded) return job;
        var cancelled = job with { State = JobState.Cancelled, EndTime = time.GetUtcNow() };
        if (await store.ReplaceAsync(job, cancelled, cancellationToken))
        {
            usage.Add(name.Task.Tenant, UsageCount.Jobs);
            await queue.RemoveAsync(name, cancellationToken);
            return cancelled;
        }

        await store.RequestCancelAsync(name, cancellationToken);
        return await store.GetAsync(name, cancellationToken);
    }

    /// <summary>Cancels what waits or runs of a task that is about to go.</summary>
    public async Task CancelAllAsync(TaskName task, CancellationToken cancellationToken)
    {
        foreach (var name in await store.NamesAsync(task, cancellationToken))
            if (await store.FindAsync(name, cancellationToken) is { HasEnded: false }) await CancelAsync(name, cancellationToken);
    }

    private static bool IsSame(JobRecord job, JobRecord? shown) =>
        shown is not null && job.State == shown.State && job.Attempt == shown.Attempt && job.Progress == shown.Progress;
}
