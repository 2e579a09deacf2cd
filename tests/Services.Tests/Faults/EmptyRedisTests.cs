using Grpc.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Services.Tests.Classifier;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;
using TaskRes.Services.Tests.Trainer;

namespace TaskRes.Services.Tests.Faults;

public sealed class EmptyRedisTests
{
    [Fact]
    public async Task Registry_ComesBackEmpty_HeadsInMemoryAreNotServedForEver()
    {
        await using var classifier = await ClassifierUnderTest.StartAsync(("Classifier:RecheckSeconds", "0.2"));
        var (task, _) = await classifier.LiveTaskAsync("pets");
        var image = TestModel.Image("a_420.jpg");
        await classifier.ClassifyAsync(task, image);

        classifier.Redis.Kill();
        classifier.Redis.Wipe();
        await classifier.Redis.StartAsync();

        await Eventually.HoldsAsync(() => classifier.Resident.Count == 0, "the recheck finds the task gone");
        await Refused.WithAsync(StatusCode.NotFound, "TASK_NOT_FOUND", () => classifier.ClassifyAsync(task, image));
    }

    [Fact]
    public async Task Cache_ComesBackEmpty_IsFilledAgain()
    {
        using var redis = await RedisServer.StartAsync();
        await using var service = await CachingService.StartAsync(redis.ConnectionString, new CountingEmbedder(), new TestTenants());
        var tenant = Samples.Tenant();
        await EmbedAsync();
        Assert.Equal(EmbeddingTier.Redis, await EmbedAsync());

        redis.Kill();
        redis.Wipe();
        Assert.Equal(EmbeddingTier.Encoder, await EmbedAsync());
        await redis.StartAsync();
        await Eventually.HoldsAsync(async () => await EmbedAsync() == EmbeddingTier.Redis, "the cache is filled again");

        async Task<EmbeddingTier> EmbedAsync() =>
            (await service.Redis.EmbedAsync(tenant, [new TextInput("a")], TestContext.Current.CancellationToken)).Results[0].Tier;
    }
}
