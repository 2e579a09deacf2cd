using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Embeddings;

public sealed class RedisCachedEmbedderTests : IAsyncLifetime
{
    private readonly CountingEmbedder inner = new();
    private readonly TenantName tenant = Samples.Tenant();
    private readonly RedisServer redis = new("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru");
    private readonly RedisConnections connections;
    private readonly RedisCachedEmbedder embedder;

    public RedisCachedEmbedderTests()
    {
        var options = Options.Create(new RedisOptions { Cache = redis.ConnectionString, Registry = redis.ConnectionString });
        connections = new RedisConnections(options);
        var cache = new CacheRedis(connections, options, TimeProvider.System, NullLogger<CacheRedis>.Instance);
        embedder = new RedisCachedEmbedder(inner, cache, TimeSpan.FromMinutes(5));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await redis.StartAsync();
        await Eventually.HoldsAsync(() => connections.Cache.IsConnected, "the cache is connected");
    }

    public async ValueTask DisposeAsync()
    {
        await connections.DisposeAsync();
        redis.Dispose();
    }

    [Fact]
    public async Task EmbedAsync_SomeKnown_OnlyTheOthersAreAskedAndOrderHolds()
    {
        var inputs = Enumerable.Range(0, 600).Select(index => new TextInput($"{index}")).ToArray();
        await embedder.EmbedAsync(tenant, inputs[..300], Token);
        var batch = await embedder.EmbedAsync(tenant, inputs, Token);
        Assert.Equal(inputs.Select(CountingEmbedder.ValuesOf), batch.Results.Select(result => result.Values));
        Assert.All(batch.Results.Take(300), result => Assert.Equal(EmbeddingTier.Redis, result.Tier));
        Assert.All(batch.Results.Skip(300), result => Assert.Equal(EmbeddingTier.Encoder, result.Tier));
        Assert.Equal(600, inner.Asked.Count);
    }

    [Fact]
    public async Task EmbedAsync_Written_ExpiresAndIsOfTheTenantAlone()
    {
        var input = new TextInput("a");
        await embedder.EmbedAsync(tenant, [input], Token);
        var database = await DatabaseAsync();
        var left = await database.KeyTimeToLiveAsync(RedisKeys.Embedding(tenant, inner.Model, input));
        Assert.InRange(left!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.Equal(EmbeddingTier.Encoder, (await embedder.EmbedAsync(Samples.Tenant(), [input], Token)).Results[0].Tier);
    }

    [Theory]
    [InlineData(7, 1f)]
    [InlineData(8, float.NaN)]
    [InlineData(8, float.PositiveInfinity)]
    [InlineData(0, 1f)]
    public async Task EmbedAsync_PoisonedValue_IgnoredAndReplaced(int length, float value)
    {
        var input = new TextInput("a");
        var key = RedisKeys.Embedding(tenant, inner.Model, input);
        await (await DatabaseAsync()).StringSetAsync(key, FloatBytes.Write([.. Enumerable.Repeat(value, length)]));
        Assert.Equal(CountingEmbedder.ValuesOf(input), (await embedder.EmbedAsync(tenant, [input], Token)).Results[0].Values);
        Assert.Equal(EmbeddingTier.Redis, (await embedder.EmbedAsync(tenant, [input], Token)).Results[0].Tier);
    }

    [Fact]
    public async Task EmbedAsync_CacheKilledThenBack_AnswersThroughoutAndCachesAgain()
    {
        await embedder.EmbedAsync(tenant, [new TextInput("a")], Token);
        redis.Kill();
        Assert.Equal(EmbeddingTier.Encoder, (await embedder.EmbedAsync(tenant, [new TextInput("a")], Token)).Results[0].Tier);
        await redis.StartAsync();
        await Eventually.HoldsAsync(
            async () => (await embedder.EmbedAsync(tenant, [new TextInput("a")], Token)).Results[0].Tier == EmbeddingTier.Redis, "the cache is used again");
    }

    [Fact]
    public async Task EmbedAsync_CacheFrozen_CostsItsTimeoutOnceAndThenNothing()
    {
        redis.Freeze();
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < 20; call++)
            Assert.Null((await embedder.EmbedAsync(tenant, [new TextInput($"{call}")], Token)).Results[0].Error);
        // 20 calls that each waited for both the read and the write would take 4 seconds.
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2), $"It took {Stopwatch.GetElapsedTime(start)}.");
        redis.Thaw();
    }

    [Fact]
    public async Task EmbedAsync_FailedInput_IsNotCached()
    {
        var digest = Samples.Digest(1);
        await embedder.EmbedAsync(tenant, [ImageInput.FromDigest(digest)], Token);
        Assert.NotNull((await embedder.EmbedAsync(tenant, [ImageInput.FromDigest(digest)], Token)).Results[0].Error);
    }

    private async Task<IDatabase> DatabaseAsync() => (await connections.Cache.GetAsync(TimeSpan.FromSeconds(5), Token)).GetDatabase();
}
