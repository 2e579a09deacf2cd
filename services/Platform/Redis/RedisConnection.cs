using StackExchange.Redis;

namespace TaskRes.Platform.Redis;

/// <summary>
/// One multiplexer, connected in the background and reconnected by itself: a service starts without Redis and finds it
/// when it comes. While it is away, commands fail at once.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly Task<ConnectionMultiplexer> _connecting;
    private int _generation;

    /// <param name="password">Null for that of the connection string, or none.</param>
    public RedisConnection(string connectionString, string? password, TimeSpan commandTimeout)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.Password = password ?? options.Password;
        options.AbortOnConnectFail = false;
        // The driver counts CONFIG GET, which the durability check asks, among the commands of an administrator.
        options.AllowAdmin = true;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        options.AsyncTimeout = options.SyncTimeout = (int)commandTimeout.TotalMilliseconds;
        options.ClientName ??= "taskres";
        _connecting = ConnectAsync(options);
    }

    /// <summary>Raised after a connection that was lost is there again.</summary>
    public event Action? Restored;

    /// <summary>Grows whenever a connection is lost or restored: what was found out about the server holds for one generation.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public bool IsConnected => _connecting is { IsCompletedSuccessfully: true, Result.IsConnected: true };

    public Task<ConnectionMultiplexer> GetAsync(TimeSpan timeout, CancellationToken cancellationToken) => _connecting.WaitAsync(timeout, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await (await _connecting).DisposeAsync();
        }
        catch (RedisException)
        {
            // It never connected: there is nothing to close.
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions options)
    {
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
        multiplexer.ConnectionFailed += (_, _) => Interlocked.Increment(ref _generation);
        multiplexer.ConnectionRestored += (_, _) =>
        {
            Interlocked.Increment(ref _generation);
            Restored?.Invoke();
        };
        return multiplexer;
    }
}
