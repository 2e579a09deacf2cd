using Google.Protobuf;
using Grpc.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Platform.Access;
using TaskRes.V1;
using static TaskRes.Services.Tests.Platform.Access.GuardedSuite;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer.Backup;

/// <summary>Backups as an operator asks for them, with access required.</summary>
public sealed class BackupRpcTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ExportAndImport_OfAServedTask_ServeItAgain()
    {
        await using var suite = await StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");
        var task = await suite.TaskAsync(tenant, key);
        var before = await suite.Trainer.GetTaskAsync(new GetTaskRequest { Name = task }, As(key));
        var file = await ExportAsync(suite, tenant);
        await suite.Tenants.DeleteTenantAsync(new DeleteTenantRequest { Name = tenant }, As(AdminKey));

        var restored = await ImportAsync(suite, "", file);
        Assert.Equal((tenant, TenantState.Active, 1, 1), (restored.Tenant.Name, restored.Tenant.State, restored.Counts.Tasks, restored.Counts.ApiKeys));
        // The key is good again, and so is what it made.
        Assert.Equal(before, await suite.Trainer.GetTaskAsync(new GetTaskRequest { Name = task }, As(key)));
        var classifier = new ClassifierService.ClassifierServiceClient(suite.Service.Channel);
        var request = new ClassifyRequest { Task = task, Image = new Image { Content = ByteString.CopyFrom(Encoder.TestModel.Bitmap(32, 32, 0xff0000)) } };
        Assert.Equal(before.Task.LiveRevision, (await classifier.ClassifyAsync(request, As(key))).Revision);
        Assert.Equal(["CreateTask", "CreateApiKey"], (await suite.Tenants.ListAuditRecordsAsync(new ListAuditRecordsRequest { Parent = tenant }, As(key)))
            .AuditRecords.Select(record => record.Method.Split('/')[1]));
    }

    [Fact]
    public async Task ExportAndImport_WithATenantsOwnKey_AreDenied()
    {
        await using var suite = await StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");

        await Refused.WithAsync(StatusCode.PermissionDenied, "PERMISSION_DENIED", () => ExportAsync(suite, tenant, key));
        await Refused.WithAsync(StatusCode.PermissionDenied, "PERMISSION_DENIED", () => ImportAsync(suite, "tenants/other", [1, 2, 3], key));
        await ExportAsync(suite, tenant);
        var audit = await suite.Tenants.ListAuditRecordsAsync(new ListAuditRecordsRequest { Parent = tenant }, As(key));
        Assert.Contains(("ExportTenant", "operator", "OK"), audit.AuditRecords.Select(record => (record.Method.Split('/')[1], record.Principal, record.Status)));
    }

    [Fact]
    public async Task ImportTenant_BadStream_IsRefusedTyped()
    {
        await using var suite = await StartAsync();
        await suite.TenantAsync("acme");
        var file = await ExportAsync(suite, "tenants/acme");

        await Refused.WithAsync(StatusCode.AlreadyExists, "TENANT_ALREADY_EXISTS", () => ImportAsync(suite, "", file));
        await Refused.WithAsync(StatusCode.DataLoss, "REVISION_CORRUPT", () => ImportAsync(suite, "tenants/other", file[..^1]));
        await Refused.WithAsync(StatusCode.DataLoss, "REVISION_CORRUPT", () => ImportAsync(suite, "tenants/other", []));
        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => ImportAsync(suite, "nobody", file));
        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => SendAsync(suite, AdminKey, new ImportTenantRequest { Chunk = ByteString.CopyFrom(file) }));
        await Refused.WithAsync(StatusCode.InvalidArgument, "LIMIT_EXCEEDED", () => SendAsync(
            suite, AdminKey, new ImportTenantRequest { Tenant = "" }, new ImportTenantRequest { Chunk = ByteString.CopyFrom(new byte[(1 << 20) + 1]) }));
        Assert.Equal(["tenants/acme"], (await suite.Tenants.ListTenantsAsync(new ListTenantsRequest(), As(AdminKey))).Tenants.Select(tenant => tenant.Name));
    }

    [Fact]
    public async Task ImportTenant_CallerGone_LeavesNoTenant()
    {
        await using var suite = await StartAsync();
        await suite.TenantAsync("acme");
        var file = await ExportAsync(suite, "tenants/acme");
        var (store, other) = (suite.Service.Get<TenantStore>(), new TenantName("other"));
        using (var call = suite.Tenants.ImportTenant(As(AdminKey)))
        {
            await call.RequestStream.WriteAsync(new ImportTenantRequest { Tenant = "tenants/other" }, Cancel);
            await call.RequestStream.WriteAsync(new ImportTenantRequest { Chunk = ByteString.CopyFrom(file[..^10]) }, Cancel);
            await Support.Eventually.HoldsAsync(async () => await store.FindAsync(other, Cancel) is { State: TenantState.Restoring }, "the import is under way");
        }

        await Support.Eventually.HoldsAsync(async () => await store.FindAsync(other, Cancel) is null, "the import is undone");
    }

    private static async Task<byte[]> ExportAsync(GuardedSuite suite, string tenant, string key = AdminKey)
    {
        using var call = suite.Tenants.ExportTenant(new ExportTenantRequest { Name = tenant }, As(key));
        var file = new MemoryStream();
        while (await call.ResponseStream.MoveNext(Cancel)) call.ResponseStream.Current.Chunk.WriteTo(file);
        return file.ToArray();
    }

    private static Task<ImportTenantResponse> ImportAsync(GuardedSuite suite, string tenant, byte[] file, string key = AdminKey) =>
        SendAsync(suite, key, [new ImportTenantRequest { Tenant = tenant }, .. file.Chunk(1 << 20).Select(chunk => new ImportTenantRequest { Chunk = ByteString.CopyFrom(chunk) })]);

    private static async Task<ImportTenantResponse> SendAsync(GuardedSuite suite, string key, params ImportTenantRequest[] requests)
    {
        using var call = suite.Tenants.ImportTenant(As(key));
        await Streams.SendAsync(call.RequestStream, requests);
        return await call;
    }
}
