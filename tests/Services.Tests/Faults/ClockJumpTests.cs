using Microsoft.Extensions.Options;
using TaskRes.Platform.Access;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;
using TaskRes.Services.Tests.Trainer;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Faults;

/// <summary>The time of day is set forward and back by hours while the services run.</summary>
public sealed class ClockJumpTests
{
    private static readonly TimeSpan Hours = TimeSpan.FromHours(7);

    private readonly JumpingTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_WhileTheClockJumps_KeepsItsLeaseAndEnds()
    {
        using var redis = await RedisServer.StartAsync();
        await using var trainer = await TrainerUnderTest.StartAsync(redis, _time);
        var task = await trainer.CreateWithExamplesAsync();

        foreach (var offset in new[] { Hours, -Hours, TimeSpan.Zero })
        {
            var job = await trainer.TrainAsync(task.Name, new TrainingSettings { Epochs = 1_000 });
            await trainer.WatchAsync(job.Name, shown => shown.Progress?.Epoch > 0);
            _time.Jump(offset);
            Assert.Equal(JobState.Succeeded, (await trainer.EndAsync(job.Name)).State);
            Assert.Equal(1, (await trainer.Jobs.GetAsync(JobName.Parse(job.Name, "job"), Token)).Attempt);
            Assert.Equal((await trainer.GetAsync(task.Name)).LiveRevision, (await trainer.Jobs.GetAsync(JobName.Parse(job.Name, "job"), Token)).Revision?.ToString());
        }
    }

    [Fact]
    public void TokenBucket_TheClockJumps_NeitherFillsNorStarves()
    {
        var bucket = new TokenBucket(_time);
        var rate = new RequestRate(PerSecond: 1, Burst: 3);
        for (var i = 0; i < 3; i++) Assert.Equal(TimeSpan.Zero, bucket.TryTake(rate));
        foreach (var offset in new[] { Hours, -Hours })
        {
            _time.Jump(offset);
            Assert.InRange(bucket.TryTake(rate), TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task SharedBucket_RedisClockWasAhead_GrantsAgainInOrdinaryTime()
    {
        using var redis = await RedisServer.StartAsync();
        await using var host = TestRegistry.At(redis.ConnectionString);
        await using var service = await CachingService.StartAsync(redis.ConnectionString, new CountingEmbedder(), new TestTenants());
        var (tenant, rate) = (Samples.Tenant(), new RequestRate(PerSecond: 10, Burst: 10));
        var ahead = (TimeProvider.System.GetUtcNow() + Hours).ToUnixTimeMilliseconds();
        await host.Raw.HashSetAsync(RedisKeys.RequestQuota(tenant), [new("spent", 10), new("at", ahead)]);
        var bucket = new SharedBucket(tenant, service.Cache, TimeProvider.System);

        var wait = await bucket.TryTakeAsync(rate, Token);

        Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(async () => await bucket.TryTakeAsync(rate, Token) == TimeSpan.Zero, "there is a token again");
    }

    [Fact]
    public async Task TenantBook_TheClockJumps_AsksAgainAfterItsFreshness()
    {
        var asked = 0;
        var book = new TenantBook(
            (_, _) =>
            {
                Interlocked.Increment(ref asked);
                return Task.FromResult<TenantRecord?>(null);
            },
            Options.Create(new AccessOptions { Freshness = TimeSpan.FromMilliseconds(200) }),
            _time);
        var tenant = Samples.Tenant();
        await book.FindAsync(tenant, Token);
        _time.Jump(-Hours);
        await Eventually.HoldsAsync(
            async () =>
            {
                await book.FindAsync(tenant, Token);
                return Volatile.Read(ref asked) > 1;
            },
            "the record is read again");
    }
}
