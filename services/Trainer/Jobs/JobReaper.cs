using Microsoft.Extensions.Options;
using TaskRes.Core;

namespace TaskRes.Trainer.Jobs;

/// <summary>Puts the jobs of lost workers back into the queue. Every replica has one; they do not disturb each other.</summary>
internal sealed partial class JobReaper(JobQueue queue, IOptions<TrainerOptions> options, TimeProvider time, ILogger<JobReaper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PollInterval, time);
        do
        {
            try
            {
                var reaped = await queue.ReapAsync(stoppingToken);
                foreach (var job in reaped) Log.Reaped(logger, job);
                TrainerMetrics.RecordExpiredLeases(reaped.Count);
                TrainerMetrics.RecordQueue(await queue.CountAsync(stoppingToken));
            }
            catch (TaskResException)
            {
                // The registry is away, which is logged where it arose, or a name in the list is damaged.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "JobReaped", Level = LogLevel.Warning, Message = "The worker of {Job} was lost; it is queued again")]
        public static partial void Reaped(ILogger logger, Platform.Resources.JobName job);
    }
}
