using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Usage;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Platform.Embeddings;

/// <summary>Two services on one redis-server: what one has embedded, and who is told.</summary>
public sealed class EmbeddingSharingTests : IAsyncLifetime
{
    private static readonly ImageInput Image = ImageInput.FromContent(new byte[] { 1, 2, 3 });

    private readonly CountingEmbedder _inner = new();
    private readonly TestTenants _tenants = new();
    private RedisServer _redis = null!;
    private CachingService _first = null!;
    private CachingService _second = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _first = await CachingService.StartAsync(_redis.ConnectionString, _inner, _tenants);
        _second = await CachingService.StartAsync(_redis.ConnectionString, _inner, _tenants);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _redis.Dispose();
    }

    [Fact]
    public async Task Private_SameImage_IsNobodyElsesInRedisOrMemory()
    {
        var (own, foreign) = (_tenants.Of(EmbeddingPool.Private), _tenants.Of(EmbeddingPool.Private));
        await EmbedAsync(_first, own);

        Assert.Equal(EmbeddingTier.Memory, await EmbedAsync(_first, own));
        Assert.Equal(EmbeddingTier.Redis, await EmbedAsync(_second, own));
        foreach (var service in new[] { _first, _second })
            foreach (var other in new[] { foreign, _tenants.Of(EmbeddingPool.Shared), Samples.Tenant() })
                Assert.Equal(ErrorReason.ImageBytesRequired, await AskByDigestAsync(service, other));
    }

    [Fact]
    public async Task Pool_SameImage_IsFoundByAllOfItAndNobodyElse()
    {
        await EmbedAsync(_first, _tenants.Of(EmbeddingPool.Shared));

        Assert.Equal(EmbeddingTier.Memory, await EmbedAsync(_first, _tenants.Of(EmbeddingPool.Shared)));
        Assert.Equal(EmbeddingTier.Redis, await EmbedAsync(_second, _tenants.Of(EmbeddingPool.Shared)));
        Assert.Null(await AskByDigestAsync(_second, _tenants.Of(EmbeddingPool.Shared)));
        Assert.Equal(ErrorReason.ImageBytesRequired, await AskByDigestAsync(_first, _tenants.Of(EmbeddingPool.Private)));
        Assert.Single(_inner.Asked, input => input is ImageInput { Content.IsEmpty: false });
    }

    [Fact]
    public async Task Pool_TenantThatLeaves_SharesNothingMoreEitherWay()
    {
        var leaving = _tenants.Of(EmbeddingPool.Shared);
        await EmbedAsync(_first, _tenants.Of(EmbeddingPool.Shared));
        Assert.Null(await AskByDigestAsync(_first, leaving));

        _tenants.Move(leaving, EmbeddingPool.Private);

        Assert.Equal(ErrorReason.ImageBytesRequired, await AskByDigestAsync(_first, leaving));
        Assert.Equal(ErrorReason.ImageBytesRequired, await AskByDigestAsync(_second, leaving));
        var own = ImageInput.FromContent(new byte[] { 4, 5, 6 });
        await _first.Memory.EmbedAsync(leaving, [own], Token);
        var asked = await _first.Memory.EmbedAsync(_tenants.Of(EmbeddingPool.Shared), [ImageInput.FromDigest(own.Digest)], Token);
        Assert.Equal(ErrorReason.ImageBytesRequired, asked.Results[0].Error?.Reason);
    }

    [Fact]
    public async Task Names_OfOneImage_AreUnrelatedBetweenTenantsAndToItsDigest()
    {
        foreach (var tenant in new[] { _tenants.Of(EmbeddingPool.Private), _tenants.Of(EmbeddingPool.Private), _tenants.Of(EmbeddingPool.Shared) }) await EmbedAsync(_first, tenant);

        var names = await _first.NamesAsync();

        Assert.Equal(3, names.Select(name => name.Split(':')[^2]).Distinct().Count());
        Assert.All(names, name => Assert.DoesNotContain($"{Image.Digest}", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_WithAnotherServiceKey_AreOthers()
    {
        await using var keyed = await CachingService.StartAsync(_redis.ConnectionString, _inner, _tenants, "a service key that the others do not have");
        var tenant = Samples.Tenant();
        await EmbedAsync(_first, tenant);
        Assert.Equal(EmbeddingTier.Encoder, await EmbedAsync(keyed, tenant));
    }

    [Fact]
    public async Task Secret_RegistryAway_TheCallIsAnsweredAndTheCacheLeftAlone()
    {
        await using var alone = await CachingService.WithoutRegistryAsync(_redis, _inner, _tenants);
        var tenant = Samples.Tenant();

        var batch = await alone.Redis.EmbedAsync(tenant, [Image], Token);

        Assert.Equal(EmbeddingTier.Encoder, batch.Results[0].Tier);
        Assert.Empty(await _first.NamesAsync());
    }

    [Fact]
    public async Task Pool_AnothersQueueIsFull_IsNotTheOthersFailure()
    {
        var gate = new TaskCompletionSource();
        var full = new FullFor(_inner, _tenants.Of(EmbeddingPool.Shared), gate.Task);
        var memory = new MemoryCachedEmbedder(full, _tenants.Scopes, new MemoryCacheOptions(), new UsageLedger(), TimeProvider.System);
        var refused = memory.EmbedAsync(full.Tenant, [Image], Token);
        var waiting = memory.EmbedAsync(_tenants.Of(EmbeddingPool.Shared), [Image], Token);
        gate.SetResult();

        Assert.Equal(ErrorReason.QueueFull, (await Assert.ThrowsAsync<TaskResException>(() => refused)).Reason);
        Assert.Null((await waiting).Results[0].Error);
    }

    private static async Task<EmbeddingTier> EmbedAsync(CachingService service, TenantName tenant) =>
        (await service.Memory.EmbedAsync(tenant, [Image], Token)).Results[0].Tier;

    private static async Task<ErrorReason?> AskByDigestAsync(CachingService service, TenantName tenant) =>
        (await service.Memory.EmbedAsync(tenant, [ImageInput.FromDigest(Image.Digest)], Token)).Results[0].Error?.Reason;

    /// <summary>An encoder whose queue is full for one tenant.</summary>
    private sealed class FullFor(IEmbedder inner, TenantName tenant, Task gate) : IEmbedder
    {
        public TenantName Tenant => tenant;

        public ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken) => inner.GetModelAsync(cancellationToken);

        public async Task<EmbeddingBatch> EmbedAsync(EmbeddingCaller asking, IReadOnlyList<EmbeddingInput> inputs, CancellationToken cancellationToken)
        {
            await gate.WaitAsync(cancellationToken);
            return asking.Tenant == tenant ? throw new TaskResException(ErrorReason.QueueFull, "Full.") : await inner.EmbedAsync(asking, inputs, cancellationToken);
        }
    }
}
