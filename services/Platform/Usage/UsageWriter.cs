using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Usage;

/// <summary>Writes the ledger every few seconds, and what is left of it when the service stops. What the registry does not take is tried again.</summary>
internal sealed partial class UsageWriter(UsageLedger ledger, UsageStore store, IOptions<UsageOptions> options, TimeProvider time, ILogger<UsageWriter> logger) : BackgroundService
{
    // Of the registry's time, in a flush of many tenants.
    private const int AtOnce = 16;

    private static readonly TimeSpan LastTries = TimeSpan.FromSeconds(2);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(LastTries, time);
        await WriteAsync(patience.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.FlushSeconds), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await WriteAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // What is left is written when all has stopped.
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        foreach (var some in ledger.Take().Chunk(AtOnce)) await Task.WhenAll(some.Select(used => WriteAsync(used.Tenant, day, used.Amounts, cancellationToken)));
    }

    private async Task WriteAsync(TenantName tenant, DateOnly day, long[] amounts, CancellationToken cancellationToken)
    {
        try
        {
            await store.AddAsync(tenant, day, amounts, cancellationToken);
        }
        catch (Exception exception) when (exception is TaskResException or OperationCanceledException)
        {
            ledger.PutBack(tenant, amounts);
            Log.NotWritten(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "UsageNotWritten", Level = LogLevel.Warning, Message = "What a tenant used is written later: {Reason}")]
        public static partial void NotWritten(ILogger logger, string reason);
    }
}
