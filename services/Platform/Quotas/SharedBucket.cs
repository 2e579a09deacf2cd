using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Quotas;

/// <summary>
/// A tenant's token bucket in the cache's Redis, which all processes of a fleet take from. Tokens are taken for a tenth of
/// a second at a time, so that few requests wait for Redis; what is not used of them soon is lost. While Redis is away, each
/// process goes by a bucket of its own.
/// </summary>
/// <param name="redis">Null in a service without it.</param>
internal sealed class SharedBucket(TenantName tenant, CacheRedis? redis, TimeProvider time)
{
    private const int LeasesPerSecond = 10;

    // The time is the server's: those of a fleet differ. In milliseconds, since Lua writes 14 digits of a number.
    private const string Take = """
        local rate, burst, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local clock = redis.call('TIME')
        local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
        local state = redis.call('HMGET', KEYS[1], 'spent', 'at')
        local spent, at = tonumber(state[1] or '0'), tonumber(state[2] or '0')
        spent = math.min(burst, math.max(0, spent - math.max(0, now - at) * rate / 1000))
        local granted = math.min(wanted, math.floor(burst - spent + 0.000001))
        local wait = 0
        if granted <= 0 then
            granted, wait = 0, math.ceil((spent + 1 - burst) * 1000 / rate)
        end
        redis.call('HSET', KEYS[1], 'spent', string.format('%.6f', spent + granted), 'at', string.format('%.0f', now))
        redis.call('PEXPIRE', KEYS[1], math.ceil(burst * 1000 / rate) + 1000)
        return {granted, wait}
        """;

    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(1);

    // A tenant far over its rate asks Redis no more often than this.
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(10);

    private readonly TokenBucket _local = new(time);
    private readonly SemaphoreSlim _asking = new(1, 1);
    private readonly Lock _lock = new();
    private RequestRate _rate;
    private int _tokens;
    private bool _refused;
    private long _since;
    private TimeSpan _holds;

    /// <returns>Zero where a token was taken, else how long it is until there may be one.</returns>
    public async ValueTask<TimeSpan> TryTakeAsync(RequestRate rate, CancellationToken cancellationToken)
    {
        if (redis is null) return _local.TryTake(rate);
        if (TryTakeKnown(rate) is { } known) return known;
        await _asking.WaitAsync(cancellationToken);
        try
        {
            // Those who waited here find what the one before them got.
            if (TryTakeKnown(rate) is { } found) return found;
            return await AskAsync(rate, cancellationToken) is [var granted, var wait]
                ? Keep(rate, granted, TimeSpan.FromMilliseconds(wait))
                : _local.TryTake(rate);
        }
        finally
        {
            _asking.Release();
        }
    }

    private Task<int[]?> AskAsync(RequestRate rate, CancellationToken cancellationToken) => redis!.TryAsync("take tokens", async database =>
    {
        var wanted = Math.Max(1, rate.PerSecond / LeasesPerSecond);
        return (int[]?)await database.ScriptEvaluateAsync(Take, [RedisKeys.RequestQuota(tenant)], [rate.PerSecond, rate.Burst, wanted]);
    }, cancellationToken);

    // Null where Redis must be asked.
    private TimeSpan? TryTakeKnown(RequestRate rate)
    {
        lock (_lock)
        {
            var left = _holds - time.GetElapsedTime(_since);
            if (left <= TimeSpan.Zero || rate != _rate) return null;
            if (_refused) return left;
            if (_tokens == 0) return null;
            _tokens--;
            return TimeSpan.Zero;
        }
    }

    private TimeSpan Keep(RequestRate rate, int granted, TimeSpan wait)
    {
        lock (_lock)
        {
            (_rate, _since, _refused) = (rate, time.GetTimestamp(), granted == 0);
            if (_refused) return _holds = wait > LeastWait ? wait : LeastWait;
            (_tokens, _holds) = (granted - 1, LeaseTime);
            return TimeSpan.Zero;
        }
    }
}
