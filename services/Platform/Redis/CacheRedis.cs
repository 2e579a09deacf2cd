using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Platform.Redis;

/// <summary>
/// Calls to the cache's Redis. They never fail: a cache that is away or slow is no cache, and after a failure it is left
/// alone for a moment, so that it costs its timeout seldom.
/// </summary>
internal sealed partial class CacheRedis(RedisConnections connections, IOptions<RedisOptions> options, TimeProvider time, ILogger<CacheRedis> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long pausedUntil;

    /// <summary>Default where the cache did not answer in time.</summary>
    public async Task<T?> TryAsync<T>(string operation, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        if (!connections.Cache.IsConnected || time.GetTimestamp() < Volatile.Read(ref pausedUntil)) return default;
        try
        {
            var multiplexer = await connections.Cache.GetAsync(options.Value.CacheTimeout, cancellationToken);
            return await RedisCall.RunAsync("cache", operation, () =>
                call(multiplexer.GetDatabase()).WaitAsync(options.Value.CacheTimeout, time, cancellationToken));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            Volatile.Write(ref pausedUntil, time.GetTimestamp() + (long)(Pause.TotalSeconds * time.TimestampFrequency));
            Log.Failed(logger, operation, exception.GetType().Name);
            return default;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "CacheFailed", Level = LogLevel.Warning, Message = "The cache failed at {Operation} with {Error}: going on without it for a moment")]
        public static partial void Failed(ILogger logger, string operation, string error);
    }
}
