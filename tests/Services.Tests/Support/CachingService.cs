using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Platform.Access;
using TaskRes.Platform.Circuits;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Usage;

namespace TaskRes.Services.Tests.Support;

/// <summary>The two cache tiers as one service has them, before an embedder of the test's.</summary>
internal sealed class CachingService : IAsyncDisposable
{
    private CachingService(string cache, string registry, string serviceKey, IEmbedder inner, TestTenants tenants)
    {
        var options = Options.Create(new RedisOptions { Cache = cache, Registry = registry, RequireDurableRegistry = false, CacheTimeout = TimeSpan.FromSeconds(1), RegistryTimeout = TimeSpan.FromSeconds(2) });
        var (circuits, access) = (Options.Create(new CircuitOptions()), Options.Create(new AccessOptions { ServiceKey = serviceKey }));
        Connections = new RedisConnections(options);
        Cache = new CacheRedis(Connections, options, circuits, TimeProvider.System, NullLogger<CacheRedis>.Instance);
        var redis = new RegistryRedis(Connections, options, circuits, TimeProvider.System, NullLogger<RegistryRedis>.Instance);
        Secret = new EmbeddingSecret(redis, options, access, TimeProvider.System);
        Redis = new RedisCachedEmbedder(inner, Cache, tenants.Scopes, Secret, TimeSpan.FromMinutes(5));
        Memory = new MemoryCachedEmbedder(Redis, tenants.Scopes, new MemoryCacheOptions(), new UsageLedger(), TimeProvider.System);
    }

    public RedisConnections Connections { get; }

    public CacheRedis Cache { get; }

    public EmbeddingSecret Secret { get; }

    /// <summary>The tier in Redis alone.</summary>
    public RedisCachedEmbedder Redis { get; }

    /// <summary>Both tiers.</summary>
    public MemoryCachedEmbedder Memory { get; }

    /// <summary>One that is connected to its cache and knows its secret.</summary>
    public static async Task<CachingService> StartAsync(string redis, IEmbedder inner, TestTenants tenants, string serviceKey = "")
    {
        var service = new CachingService(redis, redis, serviceKey, inner, tenants);
        await Eventually.HoldsAsync(
            async () => service.Connections.Cache.IsConnected && await service.Secret.KeyOfAsync(EmbeddingScope.Pool, TestContext.Current.CancellationToken) is not null, "both roles answer");
        return service;
    }

    /// <summary>One whose registry does not answer.</summary>
    public static async Task<CachingService> WithoutRegistryAsync(RedisServer cache, IEmbedder inner, TestTenants tenants)
    {
        var service = new CachingService(cache.ConnectionString, $"127.0.0.1:{RedisServer.FreePort()}", "", inner, tenants);
        await Eventually.HoldsAsync(() => service.Connections.Cache.IsConnected, "the cache is connected");
        return service;
    }

    public async Task<IDatabase> DatabaseAsync() => (await Connections.Cache.GetAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken)).GetDatabase();

    /// <summary>The names of all embeddings in the cache.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync()
    {
        var multiplexer = await Connections.Cache.GetAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        var names = new List<string>();
        await foreach (var key in multiplexer.GetServers()[0].KeysAsync(pattern: "*:embedding:*")) names.Add(key!);
        return names;
    }

    public ValueTask DisposeAsync() => Connections.DisposeAsync();
}
