using Microsoft.Extensions.Options;
using TaskRes.Platform.Hosting;

namespace TaskRes.Platform.Redis;

/// <summary>The connections of the two roles; one and the same where their strings are equal.</summary>
internal sealed class RedisConnections : IAsyncDisposable
{
    public RedisConnections(IOptions<RedisOptions> options)
    {
        var redis = options.Value;
        Registry = new RedisConnection(redis.Registry, SecretFile.Read(redis.RegistryPasswordPath), redis.RegistryTimeout);
        Cache = redis.Cache == redis.Registry ? Registry : new RedisConnection(redis.Cache, SecretFile.Read(redis.CachePasswordPath), redis.CacheTimeout);
    }

    public RedisConnection Registry { get; }

    public RedisConnection Cache { get; }

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        if (Cache != Registry) await Cache.DisposeAsync();
    }
}
