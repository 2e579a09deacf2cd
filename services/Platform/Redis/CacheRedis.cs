using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Platform.Circuits;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Platform.Redis;

/// <summary>
/// Calls to the cache's Redis. They never fail: a cache that is away or slow is no cache, and after some failures in a row it
/// is left alone for a moment, so that it costs its timeout seldom.
/// </summary>
internal sealed partial class CacheRedis
{
    private readonly RedisConnection _connection;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ILogger<CacheRedis> _logger;
    private readonly Circuit _circuit;

    public CacheRedis(RedisConnections connections, IOptions<RedisOptions> options, IOptions<CircuitOptions> circuits, TimeProvider time, ILogger<CacheRedis> logger)
    {
        (_connection, _timeout, _time, _logger) = (connections.Cache, options.Value.CacheTimeout, time, logger);
        _circuit = new Circuit(circuits.Value, time, RedisFailure.IsAbsence);
        _connection.Restored += _circuit.Close;
    }

    /// <summary>Whether it is not asked since it failed before.</summary>
    public bool IsCircuitOpen => _circuit.IsOpen;

    /// <summary>Default where the cache did not answer in time, or was not asked.</summary>
    public async Task<T?> TryAsync<T>(string operation, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        if (!_connection.IsConnected) return default;
        try
        {
            return await _circuit.RunAsync(async () =>
            {
                var multiplexer = await _connection.GetAsync(_timeout, cancellationToken);
                return await RedisCall.RunAsync("cache", operation, () => call(multiplexer.GetDatabase()).WaitAsync(_timeout, _time, cancellationToken));
            });
        }
        catch (CircuitOpenException)
        {
            return default;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            Log.Failed(_logger, operation, exception.GetType().Name);
            return default;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "CacheFailed", Level = LogLevel.Warning, Message = "The cache failed at {Operation} with {Error}: going on without it")]
        public static partial void Failed(ILogger logger, string operation, string error);
    }
}
