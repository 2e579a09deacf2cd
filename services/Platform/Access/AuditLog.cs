using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Access;

/// <summary>What was changed, by whom: in the log of the service, and the last records of each tenant in the registry.</summary>
internal sealed partial class AuditLog(RegistryRedis redis, TimeProvider time, ILogger<AuditLog> logger)
{
    /// <summary>Records of one tenant.</summary>
    public const int Kept = 10_000;

    /// <param name="tenant">Null where the call named none: then the service's log alone has it.</param>
    public async Task WriteAsync(TenantName? tenant, string principal, string method, string resource, string status)
    {
        Log.Audit(logger, principal, method, resource, status);
        if (tenant is not { } of) return;
        try
        {
            await redis.RunAsync("audit", database => AppendAsync(database, of, new AuditRecord(0, time.GetUtcNow(), principal, method, resource, status)), CancellationToken.None);
        }
        catch (TaskResException)
        {
            // The registry is away, and the change did not happen or is acknowledged already: the log has the record.
        }
    }

    public async Task<Page<AuditRecord>> ListAsync(TenantName tenant, PageRequest page, CancellationToken cancellationToken)
    {
        var listing = $"{tenant}/auditRecords";
        var before = double.PositiveInfinity;
        if (PageTokens.Decode(page, listing) is { } position && !double.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out before)) throw PageTokens.Invalid();
        var values = await redis.RunAsync("list audit", database => database.SortedSetRangeByScoreAsync(
            RedisKeys.Audit(tenant), stop: before, exclude: Exclude.Stop, order: Order.Descending, take: page.Size + 1), cancellationToken);
        AuditRecord[] records = [.. values.Take(page.Size).Select(AccessRecords.Open)];
        return new Page<AuditRecord>(records, values.Length > page.Size ? PageTokens.Encode(listing, records[^1].Sequence.ToString(CultureInfo.InvariantCulture)) : null);
    }

    private static async Task<bool> AppendAsync(IDatabase database, TenantName tenant, AuditRecord record)
    {
        var sequence = await database.StringIncrementAsync(RedisKeys.AuditSequence(tenant));
        var transaction = database.CreateTransaction();
        // A tenant that is gone leaves nothing behind.
        transaction.AddCondition(Condition.KeyExists(RedisKeys.Tenant(tenant)));
        _ = transaction.SortedSetAddAsync(RedisKeys.Audit(tenant), AccessRecords.Seal(record with { Sequence = sequence }), sequence);
        _ = transaction.SortedSetRemoveRangeByRankAsync(RedisKeys.Audit(tenant), 0, -Kept - 1);
        if (await transaction.ExecuteAsync()) return true;
        await database.KeyDeleteAsync(RedisKeys.AuditSequence(tenant));
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "Audit", Level = LogLevel.Information, Message = "{Principal} called {Method} on {Resource}: {Status}")]
        public static partial void Audit(ILogger logger, string principal, string method, string resource, string status);
    }
}
