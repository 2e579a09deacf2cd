using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Registry;

public sealed class RegistryOnRedisTests(RegistryOnRedisTests.Server server) : RegistryContract(server.ConnectionString, durable: true), IClassFixture<RegistryOnRedisTests.Server>
{
    /// <summary>Started by the first test, so that a machine without redis-server skips them.</summary>
    public sealed class Server : IDisposable
    {
        private readonly Lazy<RedisServer> _redis = new(() => RedisServer.StartAsync().GetAwaiter().GetResult());

        public string ConnectionString => _redis.Value.ConnectionString;

        public void Dispose()
        {
            if (_redis.IsValueCreated) _redis.Value.Dispose();
        }
    }
}
