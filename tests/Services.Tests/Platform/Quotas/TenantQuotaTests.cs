using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Platform.Access;
using TaskRes.Services.Tests.Support;
using TaskRes.Services.Tests.Trainer;
using TaskRes.Trials.Isolation;
using TaskRes.V1;
using static TaskRes.Services.Tests.Platform.Access.GuardedSuite;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Platform.Quotas;

/// <summary>What an operator sets for one tenant.</summary>
public sealed class TenantQuotaTests : IAsyncLifetime
{
    private GuardedSuite _suite = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _suite = await StartAsync(("Quotas:Tasks", "7"));

    public ValueTask DisposeAsync() => _suite.DisposeAsync();

    [Fact]
    public async Task UpdateTenantQuotas_Some_GetLimitsHasThemAndTheDefaultsForTheRest()
    {
        var (tenant, key) = await _suite.TenantAsync("acme");
        var updated = await SetAsync(tenant, new TenantQuotas { RequestsPerSecond = 123, ExamplesPerTask = 1_000_000 });
        Assert.Equal((true, 123, false), (updated.Quotas.HasRequestsPerSecond, updated.Quotas.RequestsPerSecond, updated.Quotas.HasTasks));

        var limits = await _suite.Tenants.GetLimitsAsync(new GetLimitsRequest { Name = tenant }, As(key));
        Assert.Equal((123, 7, 20_000), (limits.Quotas.RequestsPerSecond, limits.Quotas.Tasks, limits.Quotas.ExamplesPerTask));
        Assert.All(TenantQuotas.Descriptor.Fields.InDeclarationOrder(), field => Assert.InRange((int)field.Accessor.GetValue(limits.Quotas), 1, int.MaxValue));
        Assert.All(ServiceLimits.Descriptor.Fields.InDeclarationOrder(), field => Assert.InRange(Convert.ToInt64(field.Accessor.GetValue(limits.Service), null), 1, long.MaxValue));

        await SetAsync(tenant, new TenantQuotas());
        Assert.Equal(10_000, (await _suite.Tenants.GetLimitsAsync(new GetLimitsRequest { Name = tenant }, As(key))).Quotas.RequestsPerSecond);
    }

    [Fact]
    public async Task GetLimits_OverHttp_AnswersThem()
    {
        var (tenant, key) = await _suite.TenantAsync("acme");
        using var http = new HttpClient { BaseAddress = _suite.Service.Endpoints.Web, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

        var json = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/v1/{tenant}/limits", UriKind.Relative), Cancel)).RootElement;

        Assert.Equal((7, 64 << 20), (json.GetProperty("quotas").GetProperty("tasks").GetInt32(), json.GetProperty("service").GetProperty("maxMessageBytes").GetInt32()));
    }

    [Theory]
    [InlineData("requests_per_second", 0)]
    [InlineData("burst", -1)]
    [InlineData("tasks", 1_000_001)]
    [InlineData("revisions_per_task", 9)]
    public async Task UpdateTenantQuotas_OutOfRange_IsRefusedNamingTheField(string quota, int value)
    {
        var (tenant, _) = await _suite.TenantAsync("acme");
        var quotas = new TenantQuotas();
        TenantQuotas.Descriptor.FindFieldByName(quota).Accessor.SetValue(quotas, value);

        var error = await Assert.ThrowsAsync<RpcException>(() => SetAsync(tenant, quotas));
        Assert.Equal((StatusCode.InvalidArgument, $"quotas.{quota}"), (error.StatusCode, error.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations[0].Field));
    }

    [Theory]
    [InlineData("image_bytes", 200)]
    [InlineData("image_pixels", 64)]
    public async Task EncodeImages_OverTheQuota_RefusesThatImageAlone(string quota, int limit)
    {
        var (tenant, key) = await _suite.TenantAsync("acme");
        var quotas = new TenantQuotas();
        TenantQuotas.Descriptor.FindFieldByName(quota).Accessor.SetValue(quotas, limit + 100);
        await SetAsync(tenant, quotas);
        var encoder = new EncoderService.EncoderServiceClient(_suite.Service.Channel);
        var request = new EncodeImagesRequest { Tenant = tenant, Images = { Bitmap(16, 0xff0000), Bitmap(8, 0xff00) } };

        var results = (await encoder.EncodeImagesAsync(request, As(key))).Results;

        Assert.Equal((V1.ErrorReason.QuotaExceeded, quota), (results[0].Error.Reason, results[0].Error.Metadata["quota"]));
        Assert.NotNull(results[1].Embedding);

        static Image Bitmap(int side, int colour) => new() { Content = ByteString.CopyFrom(TestModel.Bitmap(side, side, colour)) };
    }

    [Fact]
    public async Task CreateTask_OverTheQuota_IsRefusedUntilOneIsDeleted()
    {
        var (tenant, key) = await _suite.TenantAsync("acme");
        var (other, othersKey) = await _suite.TenantAsync("other");
        await SetAsync(tenant, new TenantQuotas { Tasks = 2 });
        var first = await _suite.TaskAsync(tenant, key, "first");
        await _suite.TaskAsync(tenant, key, "second");

        var refused = await Refused.WithAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => _suite.TaskAsync(tenant, key, "third"));
        Assert.Equal((tenant, "tasks", "2"), (refused.Metadata["subject"], refused.Metadata["quota"], refused.Metadata["limit"]));
        foreach (var id in new[] { "first", "second", "third" }) await _suite.TaskAsync(other, othersKey, id);

        await _suite.Trainer.DeleteTaskAsync(new DeleteTaskRequest { Name = first }, As(key));
        await _suite.TaskAsync(tenant, key, "third");
    }

    [Fact]
    public async Task CreateTask_WithMoreClassesThanTheTenantMayHave_IsRefused()
    {
        var (tenant, key) = await _suite.TenantAsync("acme");
        await SetAsync(tenant, new TenantQuotas { ClassesPerTask = 1 });

        var refused = await Refused.WithAsync(StatusCode.InvalidArgument, "LIMIT_EXCEEDED", () => _suite.TaskAsync(tenant, key));
        Assert.Equal("1", refused.Metadata["limit"]);
    }

    [Fact]
    public async Task Stream_OverTheRate_IsSlowedAndNotRefused()
    {
        var (tenant, key) = await _suite.TenantAsync("acme");
        await SetAsync(tenant, new TenantQuotas { RequestsPerSecond = 20, Burst = 5 });
        const int Messages = 25;
        var start = Stopwatch.GetTimestamp();

        using var stream = new EncoderService.EncoderServiceClient(_suite.Service.Channel).EncodeStream(As(key));
        var answered = ReadAsync(stream.ResponseStream);
        for (var i = 0; i < Messages; i++) await stream.RequestStream.WriteAsync(Text(tenant, i), Cancel);
        await stream.RequestStream.CompleteAsync();

        Assert.Equal(Messages, await answered);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(0.95), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Stream_WhileItIsOpen_TakesAPlace()
    {
        var (tenant, key) = await _suite.TenantAsync("acme");
        await SetAsync(tenant, new TenantQuotas { ConcurrentRequests = 1 });
        var encoder = new EncoderService.EncoderServiceClient(_suite.Service.Channel);
        var get = new AnyRpc(TenantService.Descriptor.FindMethodByName("GetTenant"));

        using (var stream = encoder.EncodeStream(As(key)))
        {
            await stream.RequestStream.WriteAsync(Text(tenant, 0), Cancel);
            Assert.True(await stream.ResponseStream.MoveNext(Cancel));
            Assert.Equal("QUOTA_EXCEEDED", (await get.CallAsync(_suite.Service.Channel, key, tenant, Cancel)).Reason);
        }

        await Eventually.HoldsAsync(async () => (await get.CallAsync(_suite.Service.Channel, key, tenant, Cancel)).Reason == "OK", "the stream's place is free");
    }

    private async Task<Tenant> SetAsync(string tenant, TenantQuotas quotas) =>
        (await _suite.Tenants.UpdateTenantQuotasAsync(new UpdateTenantQuotasRequest { Name = tenant, Quotas = quotas }, As(AdminKey))).Tenant;

    private static EncodeStreamRequest Text(string tenant, int sequence) => new() { Sequence = sequence, Tenant = tenant, Text = $"text {sequence}" };

    private static async Task<int> ReadAsync(IAsyncStreamReader<EncodeStreamResponse> responses)
    {
        var count = 0;
        while (await responses.MoveNext(Cancel))
        {
            Assert.Null(responses.Current.Result.Error);
            count++;
        }

        return count;
    }
}
