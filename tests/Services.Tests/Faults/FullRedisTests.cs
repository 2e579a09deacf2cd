using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Faults;

public sealed class FullRedisTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registry_MemoryFull_RefusesWritesSayingWhatToDoAndKeepsWhatItAcknowledged()
    {
        using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "no", "--maxmemory-policy", "noeviction", "--maxmemory", "6mb");
        await using var host = TestRegistry.At(redis.ConnectionString);
        var task = Samples.Tenant().Task("a");
        await host.Registry.CreateTaskAsync(Samples.Task(task), Token);
        var published = new List<RevisionName>();

        var refused = await Assert.ThrowsAsync<TaskResException>(async () =>
        {
            for (var seed = 0; seed < 100; seed++) published.Add((await host.Registry.PublishAsync(task, Samples.Revision(seed, classes: 200, dimension: 256), Token)).Name);
        });

        await FillAsync(host);
        foreach (var write in new Func<Task>[]
        {
            () => Task.FromException(refused),
            () => host.Registry.CreateTaskAsync(Samples.Task(Samples.Tenant().Task("b")), Token),
            () => host.Registry.PutExamplesAsync(task, [Samples.Example(1)], Token),
            () => host.Registry.PromoteAsync(published[0], null, Token),
        })
        {
            var exception = await Assert.ThrowsAsync<TaskResException>(write);
            Assert.Equal(ErrorReason.RegistryUnavailable, exception.Reason);
            Assert.Contains("maxmemory", exception.Message, StringComparison.Ordinal);
        }

        Assert.False(host.Redis.IsCircuitOpen);
        Assert.NotEmpty(published);
        foreach (var name in published) Assert.Equal(name.Revision, (await host.Registry.ReadRevisionAsync(name, Token)).Id);
        await host.Raw.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await host.Registry.PromoteAsync(published[0], null, Token);
        Assert.Equal(published[0], (await host.Registry.GetServingAsync(task, Token)).Live);
    }

    // What the refused publication took away again left room for small writes.
    private static async Task FillAsync(TestRegistry host)
    {
        var refusal = await Assert.ThrowsAsync<RedisServerException>(async () =>
        {
            for (var i = 0; i < 100_000; i++) await host.Raw.StringSetAsync($"filler:{i}", new byte[1000]);
        });
        Assert.StartsWith("OOM", refusal.Message, StringComparison.Ordinal);
    }
}
