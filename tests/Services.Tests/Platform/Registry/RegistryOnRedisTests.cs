using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Registry;

public sealed class RegistryOnRedisTests(RegistryOnRedisTests.Server server) : RegistryContract(server.ConnectionString, durable: true), IClassFixture<RegistryOnRedisTests.Server>
{
    /// <summary>Started by the first test, so that a machine without redis-server skips them.</summary>
    public sealed class Server : IDisposable
    {
        private readonly Lazy<RedisServer> redis = new(() => RedisServer.StartAsync().GetAwaiter().GetResult());

        public string ConnectionString => redis.Value.ConnectionString;

        public void Dispose()
        {
            if (redis.IsValueCreated) redis.Value.Dispose();
        }
    }
}
