using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TaskRes.Core;

namespace TaskRes.Platform.Usage;

/// <summary>
/// Writes the ledger every few seconds, and what is left of it when the service stops. What the registry does not take is tried
/// again before anything else is taken from the ledger, and is counted once even where an answer was lost.
/// </summary>
internal sealed partial class UsageWriter(UsageLedger ledger, UsageStore store, IOptions<UsageOptions> options, TimeProvider time, ILogger<UsageWriter> logger) : BackgroundService
{
    // Of the registry's time, in a flush of many tenants.
    private const int AtOnce = 16;

    private List<UsageEntry> _pending = [];
    private long _flushes;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (await TryWriteAsync() && await TryWriteAsync()) return;
        Log.Lost(logger, _pending.Count);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.FlushSeconds), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryWriteAsync();
        }
        catch (OperationCanceledException)
        {
            // What is left is written when all has stopped.
        }
    }

    // Not cancelled: the driver's own time limits bound it, and a write that is left alone may have been made.
    private async Task<bool> TryWriteAsync()
    {
        if (_pending.Count == 0)
        {
            var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            _flushes++;
            _pending = [.. ledger.Take().Select(used => new UsageEntry(_flushes, used.Tenant, day, used.Amounts))];
        }

        var kept = new List<UsageEntry>();
        foreach (var some in _pending.Chunk(AtOnce))
        {
            var written = await Task.WhenAll(some.Select(TryWriteAsync));
            kept.AddRange(some.Where((_, index) => !written[index]));
        }

        _pending = kept;
        return kept.Count == 0;
    }

    private async Task<bool> TryWriteAsync(UsageEntry entry)
    {
        try
        {
            await store.AddAsync(entry, CancellationToken.None);
            return true;
        }
        catch (TaskResException exception)
        {
            Log.NotWritten(logger, exception.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "UsageNotWritten", Level = LogLevel.Warning, Message = "What a tenant used is written later: {Reason}")]
        public static partial void NotWritten(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, EventName = "UsageLost", Level = LogLevel.Error, Message = "What {Tenants} tenants used last was not written before the service stopped")]
        public static partial void Lost(ILogger logger, int tenants);
    }
}
