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
    private readonly CountingEmbedder _inner = new();
    private readonly TenantName _tenant = Samples.Tenant();
    private readonly RedisServer _redis = new("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru");
    private readonly RedisConnections _connections;
    private readonly RedisCachedEmbedder _embedder;

    public RedisCachedEmbedderTests()
    {
        var options = Options.Create(new RedisOptions { Cache = _redis.ConnectionString, Registry = _redis.ConnectionString });
        _connections = new RedisConnections(options);
        var cache = new CacheRedis(_connections, options, TimeProvider.System, NullLogger<CacheRedis>.Instance);
        _embedder = new RedisCachedEmbedder(_inner, cache, TimeSpan.FromMinutes(5));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync();
        await Eventually.HoldsAsync(() => _connections.Cache.IsConnected, "the cache is connected");
    }

    public async ValueTask DisposeAsync()
    {
        await _connections.DisposeAsync();
        _redis.Dispose();
    }

    [Fact]
    public async Task EmbedAsync_SomeKnown_OnlyTheOthersAreAskedAndOrderHolds()
    {
        var inputs = Enumerable.Range(0, 600).Select(index => new TextInput($"{index}")).ToArray();
        await _embedder.EmbedAsync(_tenant, inputs[..300], Token);
        var batch = await _embedder.EmbedAsync(_tenant, inputs, Token);
        Assert.Equal(inputs.Select(CountingEmbedder.ValuesOf), batch.Results.Select(result => result.Values));
        Assert.All(batch.Results.Take(300), result => Assert.Equal(EmbeddingTier.Redis, result.Tier));
        Assert.All(batch.Results.Skip(300), result => Assert.Equal(EmbeddingTier.Encoder, result.Tier));
        Assert.Equal(600, _inner.Asked.Count);
    }

    [Fact]
    public async Task EmbedAsync_Written_ExpiresAndIsOfTheTenantAlone()
    {
        var input = new TextInput("a");
        await _embedder.EmbedAsync(_tenant, [input], Token);
        var database = await DatabaseAsync();
        var left = await database.KeyTimeToLiveAsync(RedisKeys.Embedding(_tenant, _inner.Model, input));
        Assert.InRange(left!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.Equal(EmbeddingTier.Encoder, (await _embedder.EmbedAsync(Samples.Tenant(), [input], Token)).Results[0].Tier);
    }

    [Theory]
    [InlineData(7, 1f)]
    [InlineData(8, float.NaN)]
    [InlineData(8, float.PositiveInfinity)]
    [InlineData(0, 1f)]
    public async Task EmbedAsync_PoisonedValue_IgnoredAndReplaced(int length, float value)
    {
        var input = new TextInput("a");
        var key = RedisKeys.Embedding(_tenant, _inner.Model, input);
        await (await DatabaseAsync()).StringSetAsync(key, FloatBytes.Write([.. Enumerable.Repeat(value, length)]));
        Assert.Equal(CountingEmbedder.ValuesOf(input), (await _embedder.EmbedAsync(_tenant, [input], Token)).Results[0].Values);
        Assert.Equal(EmbeddingTier.Redis, (await _embedder.EmbedAsync(_tenant, [input], Token)).Results[0].Tier);
    }

    [Fact]
    public async Task EmbedAsync_CacheKilledThenBack_AnswersThroughoutAndCachesAgain()
    {
        await _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token);
        _redis.Kill();
        Assert.Equal(EmbeddingTier.Encoder, (await _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token)).Results[0].Tier);
        await _redis.StartAsync();
        await Eventually.HoldsAsync(
            async () => (await _embedder.EmbedAsync(_tenant, [new TextInput("a")], Token)).Results[0].Tier == EmbeddingTier.Redis, "the cache is used again");
    }

    [Fact]
    public async Task EmbedAsync_CacheFrozen_CostsItsTimeoutOnceAndThenNothing()
    {
        _redis.Freeze();
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < 20; call++)
            Assert.Null((await _embedder.EmbedAsync(_tenant, [new TextInput($"{call}")], Token)).Results[0].Error);
        // 20 calls that each waited for both the read and the write would take 4 seconds.
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2), $"It took {Stopwatch.GetElapsedTime(start)}.");
        _redis.Thaw();
    }

    [Fact]
    public async Task EmbedAsync_FailedInput_IsNotCached()
    {
        var digest = Samples.Digest(1);
        await _embedder.EmbedAsync(_tenant, [ImageInput.FromDigest(digest)], Token);
        Assert.NotNull((await _embedder.EmbedAsync(_tenant, [ImageInput.FromDigest(digest)], Token)).Results[0].Error);
    }

    private async Task<IDatabase> DatabaseAsync()
    {
        await Eventually.HoldsAsync(() => Task.FromResult(_connections.Cache.IsConnected), "the cache is connected");
        return (await _connections.Cache.GetAsync(TimeSpan.FromSeconds(5), Token)).GetDatabase();
    }
}
