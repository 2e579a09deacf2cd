using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using TaskRes.Client.Calls;
using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>Tenants, for the operator's key, and their API keys and audit records. A tenant is given as <c>tenants/{tenant}</c>.</summary>
public sealed class TenantsClient
{
    private const int ChunkBytes = 1 << 20;

    private readonly RpcCaller _rpc;
    private readonly TenantService.TenantServiceClient _tenants;

    internal TenantsClient(RpcCaller rpc, TenantService.TenantServiceClient tenants)
    {
        _rpc = rpc;
        _tenants = tenants;
    }

    /// <summary>Makes a tenant, by its id and what is set of <paramref name="tenant"/>; null sets nothing.</summary>
    public async Task<Tenant> CreateAsync(string tenantId, Tenant? tenant = null, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(
            _tenants.CreateTenantAsync, new CreateTenantRequest { TenantId = tenantId, Tenant = tenant ?? new Tenant() }, cancellationToken).ConfigureAwait(false)).Tenant;

    /// <summary>Changes what the request gives; what it leaves unset stays.</summary>
    public async Task<Tenant> UpdateAsync(UpdateTenantRequest change, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(_tenants.UpdateTenantAsync, change, cancellationToken).ConfigureAwait(false)).Tenant;

    /// <summary>One tenant.</summary>
    public async Task<Tenant> GetAsync(string tenant, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(_tenants.GetTenantAsync, new GetTenantRequest { Name = tenant }, cancellationToken).ConfigureAwait(false)).Tenant;

    /// <summary>All tenants by name, read page by page.</summary>
    public IAsyncEnumerable<Tenant> ListAsync(CancellationToken cancellationToken = default) =>
        Pages.ReadAsync(
            async (token, cancel) =>
            {
                var page = await _rpc.UnaryAsync(_tenants.ListTenantsAsync, new ListTenantsRequest { PageToken = token }, cancel).ConfigureAwait(false);
                return ((IReadOnlyList<Tenant>)page.Tenants, page.NextPageToken);
            },
            cancellationToken);

    /// <summary>Refuses every call of the tenant's from now on; deletes nothing.</summary>
    public async Task<Tenant> SuspendAsync(string tenant, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(_tenants.SuspendTenantAsync, new SuspendTenantRequest { Name = tenant }, cancellationToken).ConfigureAwait(false)).Tenant;

    /// <summary>Lets a suspended tenant go on.</summary>
    public async Task<Tenant> ResumeAsync(string tenant, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(_tenants.ResumeTenantAsync, new ResumeTenantRequest { Name = tenant }, cancellationToken).ConfigureAwait(false)).Tenant;

    /// <summary>Replaces what was set of the tenant's quotas; fields that are unset are the service's defaults from now on.</summary>
    public async Task<Tenant> UpdateQuotasAsync(string tenant, TenantQuotas quotas, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(_tenants.UpdateTenantQuotasAsync, new UpdateTenantQuotasRequest { Name = tenant, Quotas = quotas }, cancellationToken).ConfigureAwait(false)).Tenant;

    /// <summary>All that bounds the tenant's calls: the quotas that hold for it, and what a single request may be.</summary>
    public Task<GetLimitsResponse> GetLimitsAsync(string tenant, CancellationToken cancellationToken = default) =>
        _rpc.UnaryAsync(_tenants.GetLimitsAsync, new GetLimitsRequest { Name = tenant }, cancellationToken);

    /// <summary>What the tenant used, a day at a time, the newest first; some seconds old.</summary>
    public async Task<IReadOnlyList<DailyUsage>> GetUsageAsync(string tenant, UsageOptions? options = null, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(_tenants.GetUsageAsync, new GetUsageRequest { Name = tenant, Days = options?.Days ?? 0 }, cancellationToken).ConfigureAwait(false)).Days;

    /// <summary>Deletes the tenant with all it has.</summary>
    public async System.Threading.Tasks.Task DeleteAsync(string tenant, CancellationToken cancellationToken = default) =>
        await _rpc.UnaryAsync(_tenants.DeleteTenantAsync, new DeleteTenantRequest { Name = tenant }, cancellationToken).ConfigureAwait(false);

    /// <summary>Writes the whole tenant to <paramref name="destination"/> as one file.</summary>
    /// <param name="tenant">As <c>tenants/{tenant}</c>.</param>
    /// <param name="destination">Half written where the call fails.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async System.Threading.Tasks.Task ExportAsync(string tenant, Stream destination, ExportTenantOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var call = _tenants.ExportTenant(new ExportTenantRequest { Name = tenant }, _rpc.Stream(cancellationToken));
        var written = 0L;
        await foreach (var part in _rpc.ReadAsync(call.ResponseStream, cancellationToken).ConfigureAwait(false))
        {
            await destination.WriteAsync(part.Chunk.Memory, cancellationToken).ConfigureAwait(false);
            written += part.Chunk.Length;
            options?.Written?.Report(written);
        }
    }

    /// <summary>Makes a tenant of a file that <see cref="ExportAsync"/> wrote, whole or not at all.</summary>
    /// <param name="source">Read from where it stands to its end.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call, and nothing is restored.</param>
    public async Task<ImportTenantResponse> ImportAsync(Stream source, ImportTenantOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var call = _tenants.ImportTenant(_rpc.Stream(cancellationToken));
        return await _rpc.UploadAsync(call, Parts(options ?? new ImportTenantOptions(), source, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a key of the tenant. The answer's secret is not shown again; the call is not repeated by itself.</summary>
    public Task<CreateApiKeyResponse> CreateKeyAsync(string tenant, ApiKey key, CancellationToken cancellationToken = default) =>
        _rpc.OnceAsync(_tenants.CreateApiKeyAsync, new CreateApiKeyRequest { Parent = tenant, ApiKey = key }, cancellationToken);

    /// <summary>All keys of the tenant, without their secrets.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListKeysAsync(string tenant, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(_tenants.ListApiKeysAsync, new ListApiKeysRequest { Parent = tenant }, cancellationToken).ConfigureAwait(false)).ApiKeys;

    /// <summary>Gives the key <c>tenants/{tenant}/apiKeys/{key}</c> a new secret; the old one ends at once unless the options say otherwise. The call is not repeated by itself.</summary>
    public Task<RotateApiKeyResponse> RotateKeyAsync(string key, RotateKeyOptions? options = null, CancellationToken cancellationToken = default) =>
        _rpc.OnceAsync(_tenants.RotateApiKeyAsync, new RotateApiKeyRequest { Name = key, Overlap = Duration.FromTimeSpan(options?.Overlap ?? TimeSpan.Zero) }, cancellationToken);

    /// <summary>Ends the key <c>tenants/{tenant}/apiKeys/{key}</c>.</summary>
    public async System.Threading.Tasks.Task DeleteKeyAsync(string key, CancellationToken cancellationToken = default) =>
        await _rpc.UnaryAsync(_tenants.DeleteApiKeyAsync, new DeleteApiKeyRequest { Name = key }, cancellationToken).ConfigureAwait(false);

    /// <summary>What was changed in the tenant, the newest first, read page by page.</summary>
    public IAsyncEnumerable<AuditRecord> ListAuditRecordsAsync(string tenant, CancellationToken cancellationToken = default) =>
        Pages.ReadAsync(
            async (token, cancel) =>
            {
                var page = await _rpc.UnaryAsync(_tenants.ListAuditRecordsAsync, new ListAuditRecordsRequest { Parent = tenant, PageToken = token }, cancel).ConfigureAwait(false);
                return ((IReadOnlyList<AuditRecord>)page.AuditRecords, page.NextPageToken);
            },
            cancellationToken);

    private static async IAsyncEnumerable<ImportTenantRequest> Parts(
        ImportTenantOptions options, Stream source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new ImportTenantRequest { Tenant = options.Tenant ?? "" };
        var (buffer, sent) = (new byte[ChunkBytes], 0L);
        while (await source.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) is > 0 and var length)
        {
            yield return new ImportTenantRequest { Chunk = ByteString.CopyFrom(buffer, 0, length) };
            sent += length;
            options.Sent?.Report(sent);
        }
    }
}
