using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TaskRes.AllInOne;
using TaskRes.Platform.Circuits;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Quotas;

public sealed class SharedBucketTests
{
    private const int Attempts = 300;

    private static readonly RequestRate Rate = new(PerSecond: 50, Burst: 100);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("redis-server")]
    [InlineData("embedded")]
    public async Task TryTake_TwoProcesses_GetTheBurstTogether(string server)
    {
        using var redis = server == "redis-server" ? await RedisServer.StartAsync() : null;
        using var garnet = redis is null ? EmbeddedRedis.StartCache(NullLoggerFactory.Instance) : null;
        var address = redis?.ConnectionString ?? garnet!.ConnectionString;
        await using var first = await ProcessAsync(address);
        await using var second = await ProcessAsync(address);
        var tenant = Samples.Tenant();
        var start = Stopwatch.GetTimestamp();

        var taken = await Task.WhenAll(first.TakeAsync(tenant), second.TakeAsync(tenant));

        AssertWithinRate(taken.Sum(), Rate.Burst, start);
        Assert.Equal(TimeSpan.Zero, await first.Bucket(Samples.Tenant()).TryTakeAsync(Rate, Cancel));
    }

    [Fact]
    public async Task TryTake_RedisKilled_GoesByTheProcessAlone()
    {
        using var redis = await RedisServer.StartAsync();
        await using var process = await ProcessAsync(redis.ConnectionString);
        redis.Kill();
        await Eventually.HoldsAsync(() => !process.IsConnected, "the loss is noticed");
        var start = Stopwatch.GetTimestamp();

        AssertWithinRate(await process.TakeAsync(Samples.Tenant()), Rate.Burst, start);
    }

    [Fact]
    public async Task TryTake_RedisFrozen_IsHeldUpOnceAndNotAtEveryCall()
    {
        using var redis = await RedisServer.StartAsync();
        await using var process = await ProcessAsync(redis.ConnectionString);
        redis.Freeze();
        try
        {
            var start = Stopwatch.GetTimestamp();
            var taken = await process.TakeAsync(Samples.Tenant());
            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
            AssertWithinRate(taken, Rate.Burst, start);
        }
        finally
        {
            redis.Thaw();
        }
    }

    [Fact]
    public async Task TryTake_AfterTheWaitThatItNamed_Succeeds()
    {
        using var redis = await RedisServer.StartAsync();
        await using var process = await ProcessAsync(redis.ConnectionString);
        var (bucket, slow) = (process.Bucket(Samples.Tenant()), new RequestRate(4, 1));
        Assert.Equal(TimeSpan.Zero, await bucket.TryTakeAsync(slow, Cancel));

        var wait = await bucket.TryTakeAsync(slow, Cancel);
        Assert.InRange(wait, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(251));
        await Task.Delay(wait, Cancel);
        // The clocks of the two servers round differently: a few milliseconds may be left.
        var left = await bucket.TryTakeAsync(slow, Cancel);
        Assert.InRange(left, TimeSpan.Zero, TimeSpan.FromMilliseconds(10));
        await Task.Delay(left, Cancel);
        Assert.InRange(await bucket.TryTakeAsync(slow, Cancel), TimeSpan.Zero, left == TimeSpan.Zero ? TimeSpan.FromMilliseconds(251) : TimeSpan.FromMilliseconds(10));
    }

    private static void AssertWithinRate(int taken, int burst, long start) =>
        Assert.InRange(taken, burst, burst + 1 + (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * Rate.PerSecond));

    private static async Task<FleetProcess> ProcessAsync(string address)
    {
        var process = new FleetProcess(address);
        await Eventually.HoldsAsync(() => process.IsConnected, "Redis is connected");
        return process;
    }

    /// <summary>What one process of a fleet has of Redis.</summary>
    private sealed class FleetProcess : IAsyncDisposable
    {
        private readonly RedisConnections _connections;
        private readonly CacheRedis _cache;

        public FleetProcess(string address)
        {
            var options = Options.Create(new RedisOptions { Cache = address, Registry = address, CacheTimeout = TimeSpan.FromSeconds(1) });
            _connections = new RedisConnections(options);
            _cache = new CacheRedis(_connections, options, Options.Create(new CircuitOptions()), TimeProvider.System, NullLogger<CacheRedis>.Instance);
        }

        public bool IsConnected => _connections.Cache.IsConnected;

        public SharedBucket Bucket(TenantName tenant) => new(tenant, _cache, TimeProvider.System);

        /// <summary>Many attempts at once; answers how many got a token.</summary>
        public async Task<int> TakeAsync(TenantName tenant)
        {
            var bucket = Bucket(tenant);
            var waits = await Task.WhenAll(Enumerable.Range(0, Attempts).Select(_ => Task.Run(async () => await bucket.TryTakeAsync(Rate, Cancel), Cancel)));
            return waits.Count(wait => wait == TimeSpan.Zero);
        }

        public ValueTask DisposeAsync() => _connections.DisposeAsync();
    }
}
