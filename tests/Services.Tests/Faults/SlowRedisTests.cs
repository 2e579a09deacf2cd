using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Faults;

public sealed class SlowRedisTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cache_SlowerThanItsTimeout_IsLeftAloneUntilItIsFastAgain()
    {
        using var redis = await RedisServer.StartAsync();
        await using var proxy = new SlowProxy(redis.Port);
        var tenant = Samples.Tenant();
        await using var service = await CachingService.StartAsync(proxy.ConnectionString, new CountingEmbedder(), new TestTenants());
        await service.Redis.EmbedAsync(tenant, [new TextInput("a")], Token);
        proxy.Delay = TimeSpan.FromSeconds(1.5);

        for (var call = 0; call < 3; call++)
            Assert.Equal(EmbeddingTier.Encoder, (await service.Redis.EmbedAsync(tenant, [new TextInput("a")], Token)).Results[0].Tier);

        Assert.True(service.Cache.IsCircuitOpen);
        proxy.Delay = TimeSpan.Zero;
        await Eventually.HoldsAsync(async () => (await service.Redis.EmbedAsync(tenant, [new TextInput("a")], Token)).Results[0].Tier == EmbeddingTier.Redis, "the cache is used again");
        Assert.False(service.Cache.IsCircuitOpen);
    }

    [Fact]
    public async Task Registry_SlowerThanItsTimeout_RefusesAtOnceAfterSomeAndAnswersAgain()
    {
        using var redis = await RedisServer.StartAsync();
        await using var proxy = new SlowProxy(redis.Port);
        await using var registry = TestRegistry.At(proxy.ConnectionString);
        var task = Samples.Tenant().Task("a");
        await registry.Registry.CreateTaskAsync(Samples.Task(task), Token);
        proxy.Delay = TimeSpan.FromSeconds(6);

        var refusals = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RefusedAsync()));
        Assert.All(refusals, refusal => Assert.NotNull(refusal.RetryAfter));
        Assert.True(registry.Redis.IsCircuitOpen);
        Assert.Contains("left alone", (await RefusedAsync()).Message, StringComparison.Ordinal);

        // What was on its way stays in the proxy: the driver gives those connections up and makes new ones.
        proxy.Delay = TimeSpan.Zero;
        await Eventually.HoldsAsync(AnswersAsync, "the registry answers again", TimeSpan.FromSeconds(60));

        async Task<TaskResException> RefusedAsync()
        {
            var exception = await Assert.ThrowsAsync<TaskResException>(() => registry.Registry.GetTaskAsync(task, Token));
            Assert.Equal(ErrorReason.RegistryUnavailable, exception.Reason);
            return exception;
        }

        async Task<bool> AnswersAsync()
        {
            try
            {
                return (await registry.Registry.GetTaskAsync(task, Token)).Name == task;
            }
            catch (TaskResException)
            {
                return false;
            }
        }
    }
}
