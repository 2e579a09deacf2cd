using System.Collections.Concurrent;
using System.Diagnostics;
using TaskRes.Core;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Registry;

public sealed class RegistryOutageTests
{
    // Far above the two seconds that the driver is given, and far below a call that waits for the server to come back.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly TenantName tenant = Samples.Tenant();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyCall_RedisAwayAtStart_UnavailableSoonThenServesOnceItComes()
    {
        using var redis = new RedisServer();
        await using var host = TestRegistry.At(redis.ConnectionString);
        await UnavailableSoonAsync(() => host.Registry.GetTaskAsync(tenant.Task("a"), Token));
        await redis.StartAsync();
        await Eventually.HoldsAsync(() => CreatesAsync(host.Registry, tenant.Task("a")), "the registry serves");
    }

    [Fact]
    public async Task AnyCall_RedisKilledWhileServing_UnavailableSoonThenServesAgain()
    {
        using var redis = await RedisServer.StartAsync();
        await using var host = TestRegistry.At(redis.ConnectionString);
        await host.Registry.CreateTaskAsync(Samples.Task(tenant.Task("a")), Token);
        redis.Kill();
        await UnavailableSoonAsync(() => host.Registry.GetTaskAsync(tenant.Task("a"), Token));
        await redis.StartAsync();
        await Eventually.HoldsAsync(() => CreatesAsync(host.Registry, tenant.Task("b")), "the registry serves again");
        Assert.Equal(tenant.Task("a"), (await host.Registry.GetTaskAsync(tenant.Task("a"), Token)).Name);
    }

    [Fact]
    public async Task AnyCall_RedisFrozen_UnavailableSoon()
    {
        using var redis = await RedisServer.StartAsync();
        await using var host = TestRegistry.At(redis.ConnectionString);
        await host.Registry.CreateTaskAsync(Samples.Task(tenant.Task("a")), Token);
        redis.Freeze();
        await UnavailableSoonAsync(() => host.Registry.GetTaskAsync(tenant.Task("a"), Token));
        redis.Thaw();
        await Eventually.HoldsAsync(() => CreatesAsync(host.Registry, tenant.Task("b")), "the registry serves again");
    }

    [Fact]
    public async Task Acknowledged_ThenSigkill_AllIsThere()
    {
        using var redis = await RedisServer.StartAsync();
        await using var host = TestRegistry.At(redis.ConnectionString);
        var task = tenant.Task("a");
        await host.Registry.CreateTaskAsync(Samples.Task(task), Token);
        await host.Registry.PutExamplesAsync(task, [.. Enumerable.Range(0, 100).Select(seed => Samples.Example(seed))], Token);
        var revision = Samples.Revision(1, classes: 300, dimension: 1024);
        var name = (await host.Registry.PublishAsync(task, revision, Token)).Name;
        await host.Registry.PromoteAsync(name, null, Token);

        redis.Kill();
        await redis.StartAsync();
        await using var after = TestRegistry.At(redis.ConnectionString);
        Assert.Equal(100, (await after.Registry.ReadExamplesAsync(task, Token)).Count);
        Assert.Equal(name, (await after.Registry.GetServingAsync(task, Token)).Live);
        Assert.Equal(revision.Id, (await after.Registry.ReadRevisionAsync(name, Token)).Id);
    }

    [Fact]
    public async Task SubscribeLive_RedisComesBack_TellsThatEventsMayBeMissedAndGoesOn()
    {
        using var redis = await RedisServer.StartAsync();
        await using var host = TestRegistry.At(redis.ConnectionString);
        var task = tenant.Task("a");
        await host.Registry.CreateTaskAsync(Samples.Task(task), Token);
        var name = (await host.Registry.PublishAsync(task, Samples.Revision(1), Token)).Name;
        var events = new ConcurrentQueue<TaskName?>();
        using var subscription = host.Registry.SubscribeLive(events.Enqueue);
        await Eventually.HoldsAsync(() => events.Contains(null), "the subscription stands");
        events.Clear();

        redis.Kill();
        await redis.StartAsync();
        await Eventually.HoldsAsync(() => events.Contains(null), "the reconnect is told");
        await using var other = TestRegistry.At(redis.ConnectionString);
        await other.Registry.PromoteAsync(name, null, Token);
        await Eventually.HoldsAsync(() => events.Contains(task), "events come again");
    }

    [Theory]
    [InlineData("appendonly", "--appendonly", "no", "--maxmemory-policy", "noeviction")]
    [InlineData("maxmemory-policy", "--appendonly", "yes", "--maxmemory-policy", "allkeys-lru")]
    public async Task AnyCall_ServerNotDurable_RefusedNamingTheSettingUntilItIsSet(string setting, params string[] settings)
    {
        using var redis = await RedisServer.StartAsync(settings);
        await using var host = TestRegistry.At(redis.ConnectionString);
        var exception = await UnavailableSoonAsync(() => host.Registry.CreateTaskAsync(Samples.Task(tenant.Task("a")), Token));
        Assert.Contains($"set {setting}", exception.Message, StringComparison.Ordinal);
        await using var careless = TestRegistry.At(redis.ConnectionString, durable: false);
        await careless.Registry.CreateTaskAsync(Samples.Task(tenant.Task("b")), Token);

        await careless.Raw.ExecuteAsync("CONFIG", "SET", setting, exception.Metadata["expected"]);
        await host.Registry.CreateTaskAsync(Samples.Task(tenant.Task("a")), Token);
    }

    private static async Task<TaskResException> UnavailableSoonAsync(Func<Task> call)
    {
        var start = Stopwatch.GetTimestamp();
        var exception = await Assert.ThrowsAsync<TaskResException>(call);
        Assert.Equal(ErrorReason.RegistryUnavailable, exception.Reason);
        Assert.True(Stopwatch.GetElapsedTime(start) < Soon, $"It took {Stopwatch.GetElapsedTime(start)}.");
        return exception;
    }

    private static async Task<bool> CreatesAsync(ITaskRegistry registry, TaskName task)
    {
        try
        {
            await registry.CreateTaskAsync(Samples.Task(task), Token);
            return true;
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.RegistryUnavailable)
        {
            return false;
        }
    }
}
