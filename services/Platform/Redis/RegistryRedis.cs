using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Circuits;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Platform.Redis;

/// <summary>
/// Calls to the registry's Redis. They are bounded in time, traced, refused while the server is not durable or has failed
/// several times in a row, and fail with RegistryUnavailable alone: the driver's own messages go to the log.
/// </summary>
internal sealed partial class RegistryRedis
{
    private const int NotVerified = -1;

    private readonly RedisConnection _connection;
    private readonly RedisOptions _options;
    private readonly ILogger<RegistryRedis> _logger;
    private readonly Circuit _circuit;
    private int _verifiedGeneration = NotVerified;

    public RegistryRedis(RedisConnections connections, IOptions<RedisOptions> options, IOptions<CircuitOptions> circuits, TimeProvider time, ILogger<RegistryRedis> logger)
    {
        (_connection, _options, _logger) = (connections.Registry, options.Value, logger);
        _circuit = new Circuit(circuits.Value, time, RedisFailure.IsAbsence);
        _connection.Restored += _circuit.Close;
    }

    /// <summary>Raised after a connection that was lost is there again.</summary>
    public event Action? Restored
    {
        add => _connection.Restored += value;
        remove => _connection.Restored -= value;
    }

    /// <summary>Whether calls are refused here since those before them failed.</summary>
    public bool IsCircuitOpen => _circuit.IsOpen;

    /// <param name="operation">What is done, for spans and metrics; no names of tenants.</param>
    /// <exception cref="TaskResException">RegistryUnavailable.</exception>
    public Task<T> RunAsync<T>(string operation, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(operation, multiplexer => call(multiplexer.GetDatabase()), cancellationToken);

    /// <summary>For what goes beyond one database: scans of every server, subscriptions.</summary>
    /// <exception cref="TaskResException">RegistryUnavailable.</exception>
    public async Task<T> RunAsync<T>(string operation, Func<IConnectionMultiplexer, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await _circuit.RunAsync(() => RedisCall.RunAsync("registry", operation, async () =>
            {
                var multiplexer = await _connection.GetAsync(_options.RegistryTimeout, cancellationToken);
                await RequireDurableAsync(multiplexer, cancellationToken);
                return await call(multiplexer).WaitAsync(cancellationToken);
            }));
        }
        catch (CircuitOpenException exception)
        {
            throw new TaskResException(ErrorReason.RegistryUnavailable, "The registry failed several times in a row and is left alone for a moment: retry later.", exception)
            {
                RetryAfter = exception.RetryAfter,
            };
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            Log.Failed(_logger, operation, exception);
            throw RedisFailure.ToRegistryError(exception);
        }
    }

    private async Task RequireDurableAsync(ConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        var generation = _connection.Generation;
        if (!_options.RequireDurableRegistry || Volatile.Read(ref _verifiedGeneration) == generation) return;
        await DurabilityCheck.RequireAsync(multiplexer).WaitAsync(cancellationToken);
        Volatile.Write(ref _verifiedGeneration, generation);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "RegistryFailed", Level = LogLevel.Warning, Message = "The registry failed at {Operation}")]
        public static partial void Failed(ILogger logger, string operation, Exception exception);
    }
}
