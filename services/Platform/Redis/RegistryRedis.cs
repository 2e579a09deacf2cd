using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Platform.Redis;

/// <summary>
/// Calls to the registry's Redis. They are bounded in time, traced, refused while the server is not durable, and fail with
/// RegistryUnavailable alone: the driver's own messages go to the log.
/// </summary>
internal sealed partial class RegistryRedis(RedisConnections connections, IOptions<RedisOptions> options, ILogger<RegistryRedis> logger)
{
    private const int NotVerified = -1;

    private readonly RedisConnection connection = connections.Registry;
    private int verifiedGeneration = NotVerified;

    /// <summary>Raised after a connection that was lost is there again.</summary>
    public event Action? Restored
    {
        add => connection.Restored += value;
        remove => connection.Restored -= value;
    }

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
            return await RedisCall.RunAsync("registry", operation, async () =>
            {
                var multiplexer = await connection.GetAsync(options.Value.RegistryTimeout, cancellationToken);
                await RequireDurableAsync(multiplexer, cancellationToken);
                return await call(multiplexer).WaitAsync(cancellationToken);
            });
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            Log.Failed(logger, operation, exception);
            throw new TaskResException(ErrorReason.RegistryUnavailable, "The registry does not answer: retry later.", exception)
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        }
    }

    private async Task RequireDurableAsync(ConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        var generation = connection.Generation;
        if (!options.Value.RequireDurableRegistry || Volatile.Read(ref verifiedGeneration) == generation) return;
        await DurabilityCheck.RequireAsync(multiplexer).WaitAsync(cancellationToken);
        Volatile.Write(ref verifiedGeneration, generation);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "RegistryFailed", Level = LogLevel.Warning, Message = "The registry failed at {Operation}")]
        public static partial void Failed(ILogger logger, string operation, Exception exception);
    }
}
