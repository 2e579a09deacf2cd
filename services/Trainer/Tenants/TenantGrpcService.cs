using Grpc.Core;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Tenants;

/// <summary>The RPCs of tenants, their keys and their audit records.</summary>
internal sealed class TenantGrpcService(TenantStore tenants, ApiKeys keys, AuditLog audit, LimitViews limits, UsageViews usage, TenantBook book, TenantTransfer transfer, TimeProvider time)
    : TenantService.TenantServiceBase
{
    private const int DefaultPageSize = 50;

    public override async Task<CreateTenantResponse> CreateTenant(CreateTenantRequest request, ServerCallContext context)
    {
        var name = TenantName.Parse($"tenants/{request.TenantId}", "tenant_id");
        var tenant = new TenantRecord(name, DisplayNames.Parse(request.Tenant?.DisplayName ?? "", "tenant.display_name"), TenantState.Active, time.GetUtcNow())
        {
            Quotas = QuotaBook.Validate(request.Tenant?.Quotas, "tenant.quotas"),
            EmbeddingPool = Pool(request.Tenant?.EmbeddingPool ?? EmbeddingPool.Unspecified, "tenant.embedding_pool") ?? EmbeddingPool.Private,
        };
        await tenants.CreateAsync(tenant, context.CancellationToken);
        return new CreateTenantResponse { Tenant = TenantViews.Of(tenant) };
    }

    public override async Task<GetTenantResponse> GetTenant(GetTenantRequest request, ServerCallContext context)
    {
        var name = TenantName.Parse(request.Name, "name");
        return new GetTenantResponse { Tenant = TenantViews.Of(await tenants.FindAsync(name, context.CancellationToken) ?? throw AccessErrors.TenantNotFound(name)) };
    }

    public override async Task<ListTenantsResponse> ListTenants(ListTenantsRequest request, ServerCallContext context)
    {
        var page = await tenants.ListAsync(Page(request.PageSize, request.PageToken), context.CancellationToken);
        return new ListTenantsResponse { Tenants = { page.Items.Select(TenantViews.Of) }, NextPageToken = page.NextToken ?? "" };
    }

    public override async Task<UpdateTenantResponse> UpdateTenant(UpdateTenantRequest request, ServerCallContext context)
    {
        var name = TenantName.Parse(request.Name, "name");
        var displayName = request.HasDisplayName ? DisplayNames.Parse(request.DisplayName, "display_name") : null;
        var pool = Pool(request.EmbeddingPool, "embedding_pool");
        var changed = await tenants.ChangeAsync(
            name,
            tenant => tenant with { DisplayName = displayName ?? tenant.DisplayName, EmbeddingPool = pool ?? tenant.EmbeddingPool },
            context.CancellationToken);
        book.Forget(name);
        return new UpdateTenantResponse { Tenant = TenantViews.Of(changed) };
    }

    public override async Task<SuspendTenantResponse> SuspendTenant(SuspendTenantRequest request, ServerCallContext context) =>
        new() { Tenant = TenantViews.Of(await tenants.SetStateAsync(TenantName.Parse(request.Name, "name"), TenantState.Suspended, context.CancellationToken)) };

    public override async Task<ResumeTenantResponse> ResumeTenant(ResumeTenantRequest request, ServerCallContext context) =>
        new() { Tenant = TenantViews.Of(await tenants.SetStateAsync(TenantName.Parse(request.Name, "name"), TenantState.Active, context.CancellationToken)) };

    public override async Task<UpdateTenantQuotasResponse> UpdateTenantQuotas(UpdateTenantQuotasRequest request, ServerCallContext context)
    {
        var (name, quotas) = (TenantName.Parse(request.Name, "name"), QuotaBook.Validate(request.Quotas, "quotas"));
        var tenant = await tenants.ChangeAsync(name, tenant => tenant with { Quotas = quotas }, context.CancellationToken);
        book.Forget(name);
        return new UpdateTenantQuotasResponse { Tenant = TenantViews.Of(tenant) };
    }

    public override Task<GetLimitsResponse> GetLimits(GetLimitsRequest request, ServerCallContext context) =>
        limits.OfAsync(TenantName.Parse(request.Name, "name"), context.CancellationToken);

    public override Task<GetUsageResponse> GetUsage(GetUsageRequest request, ServerCallContext context) =>
        usage.OfAsync(TenantName.Parse(request.Name, "name"), request.Days, context.CancellationToken);

    public override async Task<DeleteTenantResponse> DeleteTenant(DeleteTenantRequest request, ServerCallContext context)
    {
        await tenants.DeleteAsync(TenantName.Parse(request.Name, "name"), context.CancellationToken);
        return new DeleteTenantResponse();
    }

    public override Task ExportTenant(ExportTenantRequest request, IServerStreamWriter<ExportTenantResponse> responseStream, ServerCallContext context) =>
        transfer.ExportAsync(TenantName.Parse(request.Name, "name"), responseStream, context.CancellationToken);

    public override Task<ImportTenantResponse> ImportTenant(IAsyncStreamReader<ImportTenantRequest> requestStream, ServerCallContext context) =>
        transfer.ImportAsync(requestStream, context.CancellationToken);

    public override async Task<CreateApiKeyResponse> CreateApiKey(CreateApiKeyRequest request, ServerCallContext context)
    {
        var (key, secret) = await keys.CreateAsync(TenantName.Parse(request.Parent, "parent"), request.ApiKey, context.CancellationToken);
        return new CreateApiKeyResponse { ApiKey = TenantViews.Of(key), Secret = secret };
    }

    public override async Task<ListApiKeysResponse> ListApiKeys(ListApiKeysRequest request, ServerCallContext context) =>
        new() { ApiKeys = { (await keys.ListAsync(TenantName.Parse(request.Parent, "parent"), context.CancellationToken)).Select(TenantViews.Of) } };

    public override async Task<RotateApiKeyResponse> RotateApiKey(RotateApiKeyRequest request, ServerCallContext context)
    {
        var (key, secret) = await keys.RotateAsync(ApiKeyName.Parse(request.Name, "name"), request.Overlap?.ToTimeSpan() ?? TimeSpan.Zero, context.CancellationToken);
        return new RotateApiKeyResponse { ApiKey = TenantViews.Of(key), Secret = secret };
    }

    public override async Task<DeleteApiKeyResponse> DeleteApiKey(DeleteApiKeyRequest request, ServerCallContext context)
    {
        await keys.DeleteAsync(ApiKeyName.Parse(request.Name, "name"), context.CancellationToken);
        return new DeleteApiKeyResponse();
    }

    public override async Task<ListAuditRecordsResponse> ListAuditRecords(ListAuditRecordsRequest request, ServerCallContext context)
    {
        var page = await audit.ListAsync(TenantName.Parse(request.Parent, "parent"), Page(request.PageSize, request.PageToken), context.CancellationToken);
        return new ListAuditRecordsResponse { AuditRecords = { page.Items.Select(TenantViews.Of) }, NextPageToken = page.NextToken ?? "" };
    }

    // Null where it is not given.
    private static EmbeddingPool? Pool(EmbeddingPool pool, string field) => pool switch
    {
        EmbeddingPool.Unspecified => null,
        EmbeddingPool.Private or EmbeddingPool.Shared => pool,
        _ => throw TaskResException.Invalid(field, $"{pool} is not known here; give {nameof(EmbeddingPool.Private)} or {nameof(EmbeddingPool.Shared)}."),
    };

    private static PageRequest Page(int size, string token) => new(size == 0 ? DefaultPageSize : size, token);
}
