using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using StackExchange.Redis;
using TaskRes.Platform.Redis;
using TaskRes.Services.Tests.Support;
using TaskRes.Trials.Isolation;
using TaskRes.V1;
using static TaskRes.Services.Tests.Platform.Access.GuardedSuite;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Platform.Access;

public sealed class KeyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateApiKey_ItsSecret_IsKeptNowhere()
    {
        await using var suite = await StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");
        await suite.TaskAsync(tenant, key);
        var secret = key[(key.LastIndexOf('_') + 1)..];

        await using var redis = await ConnectionMultiplexer.ConnectAsync(suite.Redis.ConnectionString);
        Assert.DoesNotContain(await DumpAsync(redis), value => value.Contains(secret, StringComparison.Ordinal));
        var listed = await suite.Tenants.ListApiKeysAsync(new ListApiKeysRequest { Parent = tenant }, As(key));
        Assert.DoesNotContain(secret, listed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RotateApiKey_WithOverlap_BothSecretsAreGoodAndThenTheNewOneAlone()
    {
        await using var suite = await StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");
        var made = await suite.KeyAsync("acme", Permission.Read);

        var second = await suite.Tenants.RotateApiKeyAsync(new RotateApiKeyRequest { Name = made.ApiKey.Name, Overlap = Duration.FromTimeSpan(TimeSpan.FromHours(1)) }, As(key));
        Assert.Equal(["OK", "OK"], [await ReasonAsync(suite, tenant, made.Secret), await ReasonAsync(suite, tenant, second.Secret)]);

        var third = await suite.Tenants.RotateApiKeyAsync(new RotateApiKeyRequest { Name = made.ApiKey.Name }, As(key));
        Assert.Equal(
            ["UNAUTHENTICATED", "UNAUTHENTICATED", "OK"],
            [await ReasonAsync(suite, tenant, made.Secret), await ReasonAsync(suite, tenant, second.Secret), await ReasonAsync(suite, tenant, third.Secret)]);
    }

    [Fact]
    public async Task Key_ExpiredOrDeleted_IsRefused()
    {
        await using var suite = await StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");
        var expiring = await suite.KeyAsync("acme", new ApiKey { Permissions = { Permission.Read }, ExpireTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddSeconds(1.5)) });
        var deleted = await suite.KeyAsync("acme", Permission.Read);
        Assert.Equal("OK", await ReasonAsync(suite, tenant, deleted.Secret));

        await suite.Tenants.DeleteApiKeyAsync(new DeleteApiKeyRequest { Name = deleted.ApiKey.Name }, As(key));
        Assert.Equal("UNAUTHENTICATED", await ReasonAsync(suite, tenant, deleted.Secret));
        await Eventually.HoldsAsync(async () => await ReasonAsync(suite, tenant, expiring.Secret) == "UNAUTHENTICATED", "the key has expired");
    }

    [Fact]
    public async Task CreateApiKey_ThatIsNone_IsRefusedNamingTheField()
    {
        await using var suite = await StartAsync();
        await suite.TenantAsync("acme");
        (ApiKey Key, string Field)[] bad =
        [
            (new ApiKey(), "api_key.permissions"),
            (new ApiKey { Permissions = { Permission.Operate } }, "api_key.permissions"),
            (new ApiKey { Permissions = { Permission.Read }, Tasks = { "tenants/other/tasks/a" } }, "api_key.tasks[0]"),
            (new ApiKey { Permissions = { Permission.Read }, ExpireTime = new Timestamp { Seconds = 1 } }, "api_key.expire_time"),
            (new ApiKey { Permissions = { Permission.Read }, ExpireTime = new Timestamp { Nanos = -1 } }, "api_key.expire_time"),
            (new ApiKey { Permissions = { Permission.Read }, DisplayName = new string('x', 201) }, "api_key.display_name"),
        ];
        foreach (var (key, field) in bad)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => suite.KeyAsync("acme", key));
            Assert.Equal((StatusCode.InvalidArgument, field), (error.StatusCode, error.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations[0].Field));
        }
    }

    [Fact]
    public async Task Tenant_SuspendedThenResumed_IsRefusedThenServed()
    {
        await using var suite = await StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");

        await suite.Tenants.SuspendTenantAsync(new SuspendTenantRequest { Name = tenant }, As(AdminKey));
        Assert.Equal("TENANT_SUSPENDED", await ReasonAsync(suite, tenant, key));
        await suite.Tenants.ResumeTenantAsync(new ResumeTenantRequest { Name = tenant }, As(AdminKey));
        Assert.Equal("OK", await ReasonAsync(suite, tenant, key));
    }

    [Fact]
    public async Task DeleteTenant_LeavesNoKeyBehind()
    {
        await using var suite = await StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");
        await suite.TaskAsync(tenant, key);
        await suite.TenantAsync("other");
        await using var redis = await ConnectionMultiplexer.ConnectAsync(suite.Redis.ConnectionString);
        Assert.Contains(await KeysAsync(redis), name => name.Contains("{acme}", StringComparison.Ordinal));

        await suite.Tenants.DeleteTenantAsync(new DeleteTenantRequest { Name = tenant }, As(AdminKey));
        Assert.DoesNotContain(await KeysAsync(redis), name => name.Contains("acme", StringComparison.Ordinal));
        Assert.Equal("UNAUTHENTICATED", await ReasonAsync(suite, tenant, key));
        Assert.Equal(["tenants/other"], (await suite.Tenants.ListTenantsAsync(new ListTenantsRequest(), As(AdminKey))).Tenants.Select(t => t.Name));
    }

    [Fact]
    public async Task DeleteTenant_NamedLikeTheQueue_LeavesTheQueueAlone()
    {
        await using var suite = await StartAsync();
        var (tenant, _) = await suite.TenantAsync("jobs");
        await using var redis = await ConnectionMultiplexer.ConnectAsync(suite.Redis.ConnectionString);
        var besideTheQueue = RedisKeys.JobQueue.Append(":probe");
        await redis.GetDatabase().StringSetAsync(besideTheQueue, "here");

        await suite.Tenants.DeleteTenantAsync(new DeleteTenantRequest { Name = tenant }, As(AdminKey));

        Assert.True(await redis.GetDatabase().KeyExistsAsync(besideTheQueue));
    }

    [Fact]
    public async Task Changes_OfATenant_AreInItsAuditRecords()
    {
        await using var suite = await StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");
        var task = await suite.TaskAsync(tenant, key);
        await Assert.ThrowsAsync<RpcException>(async () => await suite.Trainer.DeleteTaskAsync(new DeleteTaskRequest { Name = $"{tenant}/tasks/none" }, As(key)));
        await suite.Trainer.GetTaskAsync(new GetTaskRequest { Name = task }, As(key));

        var first = await suite.Tenants.ListAuditRecordsAsync(new ListAuditRecordsRequest { Parent = tenant, PageSize = 2 }, As(key));
        var rest = await suite.Tenants.ListAuditRecordsAsync(new ListAuditRecordsRequest { Parent = tenant, PageToken = first.NextPageToken }, As(key));
        Assert.Equal(
            [("DeleteTask", $"{tenant}/tasks/none", "NotFound"), ("CreateTask", tenant, "OK")],
            first.AuditRecords.Select(record => (record.Method.Split('/')[1], record.Resource, record.Status)));
        Assert.All(first.AuditRecords, record => Assert.StartsWith("keys/", record.Principal, StringComparison.Ordinal));
        Assert.Equal(("CreateApiKey", "operator"), rest.AuditRecords.Where(record => record.Principal == "operator").Select(record => (record.Method.Split('/')[1], record.Principal)).First());
    }

    [Fact]
    public async Task Operator_OfATenantOverItsRate_StillManagesIt()
    {
        await using var suite = await StartAsync(("Access:Freshness", "00:05:00"));
        var (tenant, key) = await suite.TenantAsync("acme");
        var one = new TenantQuotas { RequestsPerSecond = 1, Burst = 1 };
        await suite.Tenants.UpdateTenantQuotasAsync(new UpdateTenantQuotasRequest { Name = tenant, Quotas = one }, As(AdminKey));
        // What was set holds at once where it was set, however long records are believed.
        await Eventually.HoldsAsync(async () => await ReasonAsync(suite, tenant, key) == "QUOTA_EXCEEDED", "the tenant is over its rate");

        await suite.Tenants.SuspendTenantAsync(new SuspendTenantRequest { Name = tenant }, As(AdminKey));
        await suite.Tenants.ResumeTenantAsync(new ResumeTenantRequest { Name = tenant }, As(AdminKey));
        await suite.Tenants.UpdateTenantQuotasAsync(new UpdateTenantQuotasRequest { Name = tenant }, As(AdminKey));
        Assert.Equal("OK", await ReasonAsync(suite, tenant, key));
        var audit = await suite.Tenants.ListAuditRecordsAsync(new ListAuditRecordsRequest { Parent = tenant }, As(key));
        Assert.Equal(
            ["UpdateTenantQuotas", "ResumeTenant", "SuspendTenant", "UpdateTenantQuotas"],
            audit.AuditRecords.Select(record => record.Method.Split('/')[1]).Take(4));
    }

    [Fact]
    public async Task RegistryAway_WhoWasLetInBefore_GoesOn()
    {
        await using var suite = await StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");
        var encoder = new EncoderService.EncoderServiceClient(suite.Service.Channel);
        await encoder.EncodeTextsAsync(new EncodeTextsRequest { Tenant = tenant, Texts = { "a" } }, As(key));
        var unseen = await suite.KeyAsync("acme", Permission.Classify);

        suite.Redis.Kill();
        Assert.Single((await encoder.EncodeTextsAsync(new EncodeTextsRequest { Tenant = tenant, Texts = { "a" } }, As(key))).Results);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await encoder.EncodeTextsAsync(new EncodeTextsRequest { Tenant = tenant, Texts = { "a" } }, As(unseen.Secret)));
        Assert.Equal("REGISTRY_UNAVAILABLE", error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason);
    }

    [Fact]
    public async Task Metrics_OfEverybody_AreForTheOperatorAndTheSuite()
    {
        await using var suite = await StartAsync();
        var (_, key) = await suite.TenantAsync("acme");
        using var web = new HttpClient { BaseAddress = suite.Service.Endpoints.Web };

        foreach (var (path, text, status) in new (string, string?, int)[]
        {
            ("/metrics", null, 401), ("/metrics", key, 401), ("/metrics", AdminKey, 200), ("/metrics", ServiceKey, 200),
            ("/health/live", null, 200), ("/v1/tenants/acme", null, 401), ("/v1/tenants/acme", key, 200),
        })
            Assert.Equal((path, status), (path, await GetAsync(web, path, text)));
    }

    private static async Task<int> GetAsync(HttpClient web, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (key is not null) request.Headers.TryAddWithoutValidation("authorization", $"Bearer {key}");
        using var response = await web.SendAsync(request, Cancel);
        return (int)response.StatusCode;
    }

    private static async Task<string> ReasonAsync(GuardedSuite suite, string tenant, string key) =>
        (await new AnyRpc(TenantService.Descriptor.FindMethodByName("GetTenant")).CallAsync(suite.Service.Channel, key, tenant, Cancel)).Reason;

    private static async Task<List<string>> KeysAsync(IConnectionMultiplexer redis)
    {
        var keys = new List<string>();
        await foreach (var key in redis.GetServers()[0].KeysAsync(pattern: "*")) keys.Add($"{key}");
        // The index of tenants holds names.
        return [.. keys, .. (await redis.GetDatabase().SortedSetRangeByRankAsync("taskres:tenants")).Select(name => $"{name}")];
    }

    private static async Task<List<string>> DumpAsync(IConnectionMultiplexer redis)
    {
        var values = new List<string>();
        await foreach (var key in redis.GetServers()[0].KeysAsync(pattern: "*"))
            values.Add($"{key} {System.Text.Encoding.Latin1.GetString((byte[])(await redis.GetDatabase().ExecuteAsync("DUMP", key))!)}");
        return values;
    }
}
