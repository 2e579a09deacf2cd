using System.Threading.Channels;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;

namespace TaskRes.Classifier.Heads;

/// <summary>Swaps heads when the registry says that tasks serve something else, and every few seconds by itself: events may be lost.</summary>
internal sealed partial class HeadRefresher(
    HeadCache heads, ITaskRegistry registry, IOptions<ClassifierOptions> options, TimeProvider time, ILogger<HeadRefresher> logger)
    : BackgroundService
{
    private const int MaxWaitingEvents = 1024;

    // Null means all. An event that finds no room is made up for by the next round.
    private readonly Channel<TaskName?> _changes = Channel.CreateBounded<TaskName?>(new BoundedChannelOptions(MaxWaitingEvents) { SingleReader = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = registry.SubscribeLive(task => _changes.Writer.TryWrite(task));
        using var timer = time.CreateTimer(_ => _changes.Writer.TryWrite(null), null, Period, Period);
        await foreach (var change in _changes.Reader.ReadAllAsync(stoppingToken))
            if (change is { } task) await TryRefreshAsync(task, stoppingToken);
            else await RefreshAllAsync(stoppingToken);
    }

    private TimeSpan Period => TimeSpan.FromSeconds(options.Value.RecheckSeconds);

    private async Task RefreshAllAsync(CancellationToken cancellationToken)
    {
        foreach (var task in heads.ResidentTasks)
        {
            // Events need not wait for the end of the round.
            while (_changes.Reader.TryRead(out var change))
                if (change is { } changed) await TryRefreshAsync(changed, cancellationToken);
            // A registry that is away ends the round: what is in memory goes on being served.
            if (!await TryRefreshAsync(task, cancellationToken)) return;
        }
    }

    private async Task<bool> TryRefreshAsync(TaskName task, CancellationToken cancellationToken)
    {
        try
        {
            await heads.RefreshAsync(task, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.NotRefreshed(logger, task.ToString(), exception.Message);
            return (exception as TaskResException)?.Reason is not ErrorReason.RegistryUnavailable;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "HeadNotRefreshed", Level = LogLevel.Warning, Message = "The head of {Task} stays as it is: {Reason}")]
        public static partial void NotRefreshed(ILogger logger, string task, string reason);
    }
}
