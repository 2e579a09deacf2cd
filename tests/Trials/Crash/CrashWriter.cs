using System.Collections.Concurrent;
using TaskRes.Client;
using TaskRes.Trials.Answers;
using TaskRes.Trials.Ledger;
using TaskRes.Trials.Processes;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trials.Crash;

/// <summary>A tenant that makes tasks, trains, promotes, rolls back and deletes, whatever falls down meanwhile, and enters what was acknowledged.</summary>
internal sealed class CrashWriter(
    TaskResClient trainer, IReadOnlyList<LabelledImage> examples, AcknowledgementLedger ledger, ReferenceAnswers answers, ConcurrentQueue<string> shared, TrialTally tally)
{
    private const int DeletedEach = 4;

    private static readonly TimeSpan JobLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public TaskResClient Trainer => trainer;

    public AcknowledgementLedger Ledger => ledger;

    /// <summary>One task from its creation to its last state. A refusal ends this one's story, so that the tally tells how common it is.</summary>
    public async Task WriteAsync(int number, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(number, cancellationToken);
        }
        catch (TaskResClientException error)
        {
            tally.Fault($"{trainer.Options.TenantName}, task {number}, was refused: {error.Reason}: {error}");
        }
    }

    /// <summary>What was acknowledged and is not there.</summary>
    public async Task<IReadOnlyList<string>> LossesAsync(CancellationToken cancellationToken) =>
        ledger.Losses(await LedgerAudit.ReadAsync(trainer, ledger, examples.ToDictionary(LedgerAudit.Digest), cancellationToken));

    private async Task RunAsync(int number, CancellationToken cancellationToken)
    {
        var task = $"{trainer.Options.TenantName}/tasks/task-{number}";
        var zeroShot = await CreateAsync(task, $"task-{number}", cancellationToken);
        ledger.Created(task, zeroShot);
        tally.Count("tasks");
        await answers.LearnAsync(trainer, zeroShot, cancellationToken);
        var deleted = number % DeletedEach == DeletedEach - 1;
        if (!deleted) shared.Enqueue(task);

        foreach (var example in examples)
        {
            var added = await LedgerAudit.AddAsync(trainer, task, example, cancellationToken);
            if (added.Failed > 0) tally.Fault($"an example of {task} was refused: {added.Errors}");
            else ledger.Added(task, LedgerAudit.Digest(example));
            tally.Count("examples");
        }

        if (await TrainAsync(task, 1, PromotionPolicy.Manual, cancellationToken) is { State: JobState.Succeeded } manual)
        {
            await PromoteAsync(task, manual.Revision, cancellationToken);
            await RollbackAsync(task, manual.Revision, zeroShot, cancellationToken);
        }

        if (deleted) await DeleteAsync(task, cancellationToken);
        else await TrainAsync(task, 2, PromotionPolicy.OnSuccess, cancellationToken);
    }

    private async Task<string> CreateAsync(string task, string id, CancellationToken cancellationToken)
    {
        try
        {
            var options = new CreateTaskOptions { TaskId = id, ClassNames = [.. examples.Select(example => example.ClassName).Distinct()] };
            return (await Outages.OutlastAsync(() => trainer.Tasks.CreateAsync(options, cancellationToken), cancellationToken)).LiveRevision;
        }
        catch (TaskResClientException error) when (error.Reason == ErrorReason.TaskAlreadyExists)
        {
            // An attempt that was not answered made it.
            tally.Count("creationsUnanswered");
            var live = (await Outages.OutlastAsync(() => trainer.Tasks.GetAsync(task, cancellationToken), cancellationToken)).Task.LiveRevision;
            if (live.Length == 0) tally.Fault($"{task} is there with nothing live, and the call that should make it whole is refused");
            return live;
        }
    }

    // A job queued twice, since the first answer was lost, trains the same revision.
    private async Task<Job> TrainAsync(string task, int seed, PromotionPolicy promotion, CancellationToken cancellationToken)
    {
        var options = new TrainOptions { Task = task, Promotion = promotion, Settings = new TrainingSettings { Epochs = 5, Seed = seed } };
        var job = await Outages.OutlastAsync(() => trainer.Training.TrainAsync(options, cancellationToken), cancellationToken);
        tally.Count("jobs");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(JobLimit);
        while (job.State is not (JobState.Succeeded or JobState.Failed or JobState.Cancelled))
        {
            await Task.Delay(Poll, limit.Token);
            job = await Outages.OutlastAsync(() => trainer.Training.GetJobAsync(job.Name, limit.Token), limit.Token);
        }

        tally.Count($"jobs{job.State}");
        if (job.Attempt > 1) tally.Count("jobsTakenUpAgain");
        if (job.State == JobState.Succeeded)
        {
            ledger.Published(task, job.Revision);
            await answers.LearnAsync(trainer, job.Revision, cancellationToken);
            if (job.Promoted) ledger.Promoted(task, job.Revision);
        }
        else if (promotion == PromotionPolicy.OnSuccess) ledger.LiveUnknown(task);

        return job;
    }

    private async Task PromoteAsync(string task, string revision, CancellationToken cancellationToken)
    {
        ledger.Promoting(task, revision);
        await Outages.OutlastAsync(() => trainer.Revisions.PromoteAsync(revision, cancellationToken: cancellationToken), cancellationToken);
        ledger.Promoted(task, revision);
        tally.Count("promotions");
    }

    private async Task RollbackAsync(string task, string from, string to, CancellationToken cancellationToken)
    {
        ledger.Promoting(task, to);
        string live;
        try
        {
            live = (await Outages.OutlastAsync(() => trainer.Revisions.RollbackAsync(task, new RollbackOptions { ExpectedLiveRevision = from }, cancellationToken), cancellationToken)).LiveRevision;
        }
        catch (TaskResClientException error) when (error.Reason == ErrorReason.Conflict)
        {
            // An attempt that was not answered had rolled back already.
            live = (await Outages.OutlastAsync(() => trainer.Tasks.GetAsync(task, cancellationToken), cancellationToken)).Task.LiveRevision;
        }

        if (live != to) tally.Fault($"a rollback of {task} led to {live} and not to {to}");
        ledger.Promoted(task, to);
        tally.Count("rollbacks");
    }

    private async Task DeleteAsync(string task, CancellationToken cancellationToken)
    {
        await RemoveAsync(task, cancellationToken);
        ledger.Deleted(task);
        tally.Count("deletions");
    }

    private async Task RemoveAsync(string task, CancellationToken cancellationToken)
    {
        try
        {
            await Outages.OutlastAsync(async () => { await trainer.Tasks.DeleteAsync(task, cancellationToken: cancellationToken); return true; }, cancellationToken);
        }
        catch (TaskResClientException error) when (error.Reason == ErrorReason.TaskNotFound)
        {
            // An attempt that was not answered had deleted it.
        }
    }
}
