using System.Diagnostics;
using System.Diagnostics.Metrics;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TaskRes.Platform.Access;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Telemetry;
using TaskRes.Services.Tests.Support;
using TaskRes.Services.Tests.Trainer;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Platform.Quotas;

/// <summary>Requests per second and at a time, on services that share a redis-server, with access off.</summary>
public sealed class RequestQuotaTests : IAsyncLifetime
{
    private readonly ScriptedEncoder _encoder = new();
    private readonly string _tenant = $"{Samples.Tenant()}";
    private readonly string _other = $"{Samples.Tenant()}";
    private RedisServer _redis = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync()
    {
        _redis.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Call_OverTheRate_IsRefusedWithTheWaitAfterWhichItSucceeds()
    {
        await using var host = await StartAsync(("Quotas:RequestsPerSecond", "2"), ("Quotas:Burst", "3"));
        for (var call = 0; call < 3; call++) await EncodeAsync(host, _tenant);

        var error = await Assert.ThrowsAsync<RpcException>(() => EncodeAsync(host, _tenant));
        var status = error.GetRpcStatus()!;
        Assert.Equal((StatusCode.ResourceExhausted, "QUOTA_EXCEEDED"), (error.StatusCode, status.GetDetail<ErrorInfo>().Reason));
        Assert.Equal((_tenant, "requests_per_second", "2"), (status.GetDetail<ErrorInfo>().Metadata["subject"], status.GetDetail<ErrorInfo>().Metadata["quota"], status.GetDetail<ErrorInfo>().Metadata["limit"]));
        Assert.Equal(_tenant, status.GetDetail<QuotaFailure>().Violations[0].Subject);

        await EncodeAsync(host, _other);
        var wait = status.GetDetail<RetryInfo>().RetryDelay.ToTimeSpan();
        Assert.InRange(wait, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(501));
        await Task.Delay(wait + TimeSpan.FromMilliseconds(1), Cancel);
        await EncodeAsync(host, _tenant);
    }

    [Fact]
    public async Task Calls_OnTwoServices_GetTheBurstTogether()
    {
        (string, string)[] quotas = [("Quotas:RequestsPerSecond", "1"), ("Quotas:Burst", "20")];
        await using var first = await StartAsync(quotas);
        await using var second = await StartAsync(quotas);
        var start = Stopwatch.GetTimestamp();

        var admitted = await Task.WhenAll(AdmittedAsync(first, 40), AdmittedAsync(second, 40));

        Assert.InRange(admitted.Sum(), 20, 21 + (int)Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    [Fact]
    public async Task Calls_RedisKilled_GoOnWithinTheLimits()
    {
        await using var host = await StartAsync(("Quotas:RequestsPerSecond", "1"), ("Quotas:Burst", "20"));
        _redis.Kill();
        await Eventually.HoldsAsync(() => !IsConnected(host), "the loss is noticed");
        var start = Stopwatch.GetTimestamp();

        Assert.InRange(await AdmittedAsync(host, 40), 20, 21 + (int)Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    [Fact]
    public async Task Calls_OverThoseAtATime_AreRefusedUntilOneEnds()
    {
        await using var host = await StartAsync(("Quotas:ConcurrentRequests", "2"));
        var (held, failing) = (new TaskCompletionSource(), new TaskCompletionSource());
        var arrived = 0;
        _encoder.Before = context => Interlocked.Increment(ref arrived) switch
        {
            1 => held.Task.WaitAsync(context.CancellationToken),
            2 => failing.Task,
            _ => Task.CompletedTask,
        };
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var cancelled = EncodeAsync(host, _tenant, cancelling.Token);
        await Eventually.HoldsAsync(() => Volatile.Read(ref arrived) == 1, "the first call is under way");
        var failed = EncodeAsync(host, _tenant);
        await Eventually.HoldsAsync(() => Volatile.Read(ref arrived) == 2, "the second call is under way");

        var refused = await Refused.WithAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => EncodeAsync(host, _tenant));
        Assert.Equal(("concurrent_requests", "2"), (refused.Metadata["quota"], refused.Metadata["limit"]));
        await EncodeAsync(host, _other);

        await cancelling.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(() => cancelled);
        await Eventually.HoldsAsync(async () => await AdmittedAsync(host, 1) == 1, "the cancelled call's place is free");
        failing.SetException(new InvalidOperationException("a fault of the service"));
        await Assert.ThrowsAsync<RpcException>(() => failed);

        // Both places again: a call that never ends in one, another beside it.
        arrived = 0;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var first = EncodeAsync(host, _tenant, ending.Token);
        await Eventually.HoldsAsync(() => Volatile.Read(ref arrived) == 1, "a call is under way again");
        Volatile.Write(ref arrived, 2);
        await Eventually.HoldsAsync(async () => await AdmittedAsync(host, 1) == 1, "the failed call's place is free");
        await ending.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(() => first);
    }

    [Fact]
    public async Task Calls_OfAnotherService_AreNotCounted()
    {
        await using var host = await StartAsync(("Quotas:RequestsPerSecond", "1"), ("Quotas:Burst", "1"));
        var client = new EncoderService.EncoderServiceClient(host.Channel);
        for (var call = 0; call < 10; call++)
            await client.EncodeTextsAsync(new EncodeTextsRequest { Tenant = _tenant, Texts = { "a" } }, new Metadata { { AccessInterceptor.ServiceHeader, "1" } }, cancellationToken: Cancel);

        Assert.Equal(10, _encoder.Calls);
    }

    [Fact]
    public async Task Refusals_AreCountedByTenantAndQuota()
    {
        var counted = new List<(string? Tenant, string? Quota)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Name == MetricNames.QuotaRefusals) self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string);
            lock (counted) counted.Add((named[TagNames.Tenant], named[TagNames.Quota]));
        });
        listener.Start();
        await using var host = await StartAsync(("Quotas:RequestsPerSecond", "1"), ("Quotas:Burst", "1"));

        var refused = 5 - await AdmittedAsync(host, 5);

        lock (counted) Assert.Equal(refused, counted.Count(refusal => $"tenants/{refusal.Tenant}" == _tenant && refusal.Quota == "requests_per_second"));
    }

    private async Task<TestHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = await TestHost.StartAsync(
            builder =>
            {
                builder.AddRedis();
                builder.Services.AddSingleton(_encoder);
            },
            app => app.MapGrpcService<ScriptedEncoder>(),
            [.. settings, ("Redis:Cache", _redis.ConnectionString), ("Redis:Registry", _redis.ConnectionString), ("Redis:CacheTimeout", "00:00:01"), ("Redis:RegistryTimeout", "00:00:01")]);
        await Eventually.HoldsAsync(() => IsConnected(host), "Redis is connected");
        return host;
    }

    private static bool IsConnected(TestHost host) => host.App.Services.GetRequiredService<RedisConnections>().Cache.IsConnected;

    private static async Task EncodeAsync(TestHost host, string tenant, CancellationToken? cancellationToken = null) =>
        await new EncoderService.EncoderServiceClient(host.Channel).EncodeTextsAsync(
            new EncodeTextsRequest { Tenant = tenant, Texts = { "a" } }, cancellationToken: cancellationToken ?? Cancel);

    // How many of so many calls at once were not refused for a quota.
    private async Task<int> AdmittedAsync(TestHost host, int calls)
    {
        var admitted = await Task.WhenAll(Enumerable.Range(0, calls).Select(async _ =>
        {
            try
            {
                await EncodeAsync(host, _tenant);
                return 1;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.ResourceExhausted)
            {
                return 0;
            }
        }));
        return admitted.Sum();
    }
}
