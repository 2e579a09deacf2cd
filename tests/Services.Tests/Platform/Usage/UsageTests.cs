using Google.Protobuf;
using Grpc.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Usage;
using TaskRes.Services.Tests.Platform.Access;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using static TaskRes.Services.Tests.Platform.Access.GuardedSuite;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Platform.Usage;

public sealed class UsageTests : IAsyncLifetime
{
    private GuardedSuite _suite = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private EncoderService.EncoderServiceClient Encoder => new(_suite.Service.Channel);

    public async ValueTask InitializeAsync() => _suite = await StartAsync(("Usage:FlushSeconds", "0.1"));

    public ValueTask DisposeAsync() => _suite.DisposeAsync();

    [Fact]
    public async Task GetUsage_AfterCalls_HasThemByTier()
    {
        var (tenant, key) = await _suite.TenantAsync("acme");
        await EncodeAsync(tenant, key, "a cat", "a dog");
        await EncodeAsync(tenant, key, "a cat");
        await Encoder.EncodeImagesAsync(new EncodeImagesRequest { Tenant = tenant, Images = { new Image { Content = ByteString.CopyFromUtf8("no image") } } }, As(key));

        await EventuallyAsync(tenant, key, today =>
            today is { EncoderEmbeddings: 2, MemoryEmbeddings: 1, RedisEmbeddings: 0, FailedEmbeddings: 1, Requests: >= 3, Jobs: 0 } && today.EncoderTime.ToTimeSpan() > TimeSpan.Zero);
    }

    [Fact]
    public async Task GetUsage_AnotherTenant_HasNothingOfIt()
    {
        var (busy, busyKey) = await _suite.TenantAsync("busy");
        var (idle, idleKey) = await _suite.TenantAsync("idle");
        await EncodeAsync(busy, busyKey, "a cat");

        await EventuallyAsync(busy, busyKey, today => today.EncoderEmbeddings == 1);
        var days = (await _suite.Tenants.GetUsageAsync(new GetUsageRequest { Name = idle, Days = 3 }, As(idleKey))).Days;
        Assert.Equal(3, days.Count);
        Assert.All(days, day => Assert.Equal((0, 0, 0, 0), (day.EncoderEmbeddings, day.MemoryEmbeddings, day.FailedEmbeddings, day.Jobs)));
        Assert.Equal(days.OrderByDescending(day => day.Date, StringComparer.Ordinal), days);
    }

    [Fact]
    public async Task GetUsage_AskedByAnotherService_TheEncodersTimeAlone()
    {
        var (tenant, key) = await _suite.TenantAsync("acme");
        await EncodeAsync(tenant, ServiceKey, "a cat");

        await EventuallyAsync(tenant, key, today => today.EncoderTime.ToTimeSpan() > TimeSpan.Zero && today is { EncoderEmbeddings: 0 });
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(36)]
    public async Task GetUsage_DaysOutOfRange_RefusedNamingTheField(int days)
    {
        var (tenant, key) = await _suite.TenantAsync("acme");

        var error = await Assert.ThrowsAsync<RpcException>(async () => await _suite.Tenants.GetUsageAsync(new GetUsageRequest { Name = tenant, Days = days }, As(key)));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith("days:", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_TenantWithoutRecord_WritesNothing()
    {
        var store = _suite.Service.Get<UsageStore>();
        var (tenant, day) = (Samples.Tenant(), new DateOnly(2026, 1, 2));
        await store.AddAsync(new UsageEntry(1, tenant, day, [1, 2, 3, 4, 5, 6, 7, 8]), Cancel);

        Assert.Equal(new long[8], (await store.ReadAsync(tenant, [day], Cancel))[0]);
    }

    [Fact]
    public async Task Add_EntryTwice_CountsOnce()
    {
        await _suite.TenantAsync("acme");
        var store = _suite.Service.Get<UsageStore>();
        var day = new DateOnly(2026, 1, 2);
        var entry = new UsageEntry(7, new("acme"), day, [1, 0, 0, 0, 0, 0, 0, 2]);
        await store.AddAsync(entry, Cancel);
        await store.AddAsync(entry, Cancel);
        await store.AddAsync(entry with { Number = 8 }, Cancel);

        var counts = (await store.ReadAsync(new("acme"), [day], Cancel))[0];
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 4], counts);
    }

    [Fact]
    public async Task RegistryAway_CountsAreWrittenOnceItIsBack()
    {
        var (tenant, key) = await _suite.TenantAsync("acme");
        await EncodeAsync(tenant, key, "a cat");
        await EventuallyAsync(tenant, key, today => today.EncoderEmbeddings == 1);

        _suite.Redis.Kill();
        _suite.Service.Get<UsageLedger>().Add(new("acme"), UsageCount.Jobs, 3);
        await Eventually.HoldsAsync(() => _suite.Service.Get<RegistryRedis>().IsCircuitOpen, "flushes failed");
        await _suite.Redis.StartAsync();

        await EventuallyAsync(tenant, key, today => today is { EncoderEmbeddings: 1, Jobs: 3 });
    }

    private async Task EncodeAsync(string tenant, string key, params string[] texts) =>
        await Encoder.EncodeTextsAsync(new EncodeTextsRequest { Tenant = tenant, Texts = { texts } }, As(key));

    private Task EventuallyAsync(string tenant, string key, Func<DailyUsage, bool> holds) => Eventually.HoldsAsync(async () =>
    {
        try
        {
            return holds((await _suite.Tenants.GetUsageAsync(new GetUsageRequest { Name = tenant }, As(key))).Days[0]);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }, "today's usage is as expected");
}
