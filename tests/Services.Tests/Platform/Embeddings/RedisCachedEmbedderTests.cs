using System.Diagnostics;
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
    private readonly TestTenants _tenants = new();
    private CachingService _service = null!;

    private RedisCachedEmbedder Embedder => _service.Redis;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync();
        _service = await CachingService.StartAsync(_redis.ConnectionString, _inner, _tenants);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _redis.Dispose();
    }

    [Fact]
    public async Task EmbedAsync_SomeKnown_OnlyTheOthersAreAskedAndOrderHolds()
    {
        var inputs = Enumerable.Range(0, 600).Select(index => new TextInput($"{index}")).ToArray();
        await Embedder.EmbedAsync(_tenant, inputs[..300], Token);
        var batch = await Embedder.EmbedAsync(_tenant, inputs, Token);
        Assert.Equal(inputs.Select(CountingEmbedder.ValuesOf), batch.Results.Select(result => result.Values));
        Assert.All(batch.Results.Take(300), result => Assert.Equal(EmbeddingTier.Redis, result.Tier));
        Assert.All(batch.Results.Skip(300), result => Assert.Equal(EmbeddingTier.Encoder, result.Tier));
        Assert.Equal(600, _inner.Asked.Count);
    }

    [Fact]
    public async Task EmbedAsync_Written_ExpiresAndIsOfTheTenantAlone()
    {
        var input = new TextInput("a");
        await Embedder.EmbedAsync(_tenant, [input], Token);
        var left = await (await _service.DatabaseAsync()).KeyTimeToLiveAsync(await KeyAsync(input));
        Assert.InRange(left!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.Equal(EmbeddingTier.Encoder, (await Embedder.EmbedAsync(Samples.Tenant(), [input], Token)).Results[0].Tier);
    }

    [Theory]
    [InlineData(7, 1f)]
    [InlineData(8, float.NaN)]
    [InlineData(8, float.PositiveInfinity)]
    [InlineData(0, 1f)]
    public async Task EmbedAsync_PoisonedValue_IgnoredAndReplaced(int length, float value)
    {
        var input = new TextInput("a");
        await (await _service.DatabaseAsync()).StringSetAsync(await KeyAsync(input), FloatBytes.Write([.. Enumerable.Repeat(value, length)]));
        Assert.Equal(CountingEmbedder.ValuesOf(input), (await Embedder.EmbedAsync(_tenant, [input], Token)).Results[0].Values);
        Assert.Equal(EmbeddingTier.Redis, (await Embedder.EmbedAsync(_tenant, [input], Token)).Results[0].Tier);
    }

    [Fact]
    public async Task EmbedAsync_CacheKilledThenBack_AnswersThroughoutAndCachesAgain()
    {
        await Embedder.EmbedAsync(_tenant, [new TextInput("a")], Token);
        _redis.Kill();
        Assert.Equal(EmbeddingTier.Encoder, (await Embedder.EmbedAsync(_tenant, [new TextInput("a")], Token)).Results[0].Tier);
        await _redis.StartAsync();
        await Eventually.HoldsAsync(
            async () => (await Embedder.EmbedAsync(_tenant, [new TextInput("a")], Token)).Results[0].Tier == EmbeddingTier.Redis, "the cache is used again");
    }

    [Fact]
    public async Task EmbedAsync_CacheFrozen_CostsItsTimeoutAFewTimesAndThenNothing()
    {
        _redis.Freeze();
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < 20; call++)
            Assert.Null((await Embedder.EmbedAsync(_tenant, [new TextInput($"{call}")], Token)).Results[0].Error);
        // 20 calls that each waited for both the read and the write would take 40 seconds.
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20), $"It took {Stopwatch.GetElapsedTime(start)}.");
        Assert.True(_service.Cache.IsCircuitOpen);
        _redis.Thaw();
        await Eventually.HoldsAsync(
            async () => (await Embedder.EmbedAsync(_tenant, [new TextInput("a")], Token)).Results[0].Tier == EmbeddingTier.Redis, "the cache is used again");
    }

    [Fact]
    public async Task EmbedAsync_FailedInput_IsNotCached()
    {
        var digest = Samples.Digest(1);
        await Embedder.EmbedAsync(_tenant, [ImageInput.FromDigest(digest)], Token);
        Assert.NotNull((await Embedder.EmbedAsync(_tenant, [ImageInput.FromDigest(digest)], Token)).Results[0].Error);
    }

    private async Task<RedisKey> KeyAsync(EmbeddingInput input)
    {
        var scope = EmbeddingScope.Of(_tenant);
        return RedisKeys.Embedding(scope, await _service.Secret.KeyOfAsync(scope, Token), _inner.Model, input);
    }
}
