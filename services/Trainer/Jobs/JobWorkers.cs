using Microsoft.Extensions.Options;
using TaskRes.Core;

namespace TaskRes.Trainer.Jobs;

/// <summary>Takes jobs from the queue, as many at a time as the options say. On a stop, running jobs go back to the queue.</summary>
internal sealed partial class JobWorkers(JobQueue queue, JobRunner runner, JobEvents events, IOptions<TrainerOptions> options, ILogger<JobWorkers> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.ConcurrentJobs).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stopping)
    {
        using var queued = events.ListenToQueue();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await queue.TakeAsync(stopping) is { } lease) await runner.RunAsync(lease, stopping);
                else await queued.WaitAsync(options.Value.PollInterval, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it is, the next job must not wait for ever. What was taken up comes back when its lease runs out.
                if (exception is not TaskResException { Reason: ErrorReason.RegistryUnavailable }) Log.Failed(logger, exception);
                await Task.Delay(options.Value.PollInterval, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "WorkerFailed", Level = LogLevel.Error, Message = "A worker could not run a job")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
