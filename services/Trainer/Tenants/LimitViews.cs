using Microsoft.Extensions.Options;
using TaskRes.Core.Images;
using TaskRes.Platform.Access;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Tasks;
using TaskRes.V1;

namespace TaskRes.Trainer.Tenants;

/// <summary>All limits that a tenant's calls meet, as the API shows them.</summary>
internal sealed class LimitViews(QuotaBook quotas, IOptions<RequestLimits> requests, IOptions<TrainerOptions> trainer)
{
    public async Task<GetLimitsResponse> OfAsync(TenantName tenant, CancellationToken cancellationToken)
    {
        var (limits, images) = (requests.Value, new ImageLimits());
        return new GetLimitsResponse
        {
            Quotas = await quotas.OfAsync(tenant, cancellationToken),
            Service = new ServiceLimits
            {
                MaxMessageBytes = RequestLimits.MaxMessageBytes,
                MaxBatchItems = limits.MaxBatchItems,
                MaxImageBytes = limits.MaxImageBytes,
                MaxImagePixels = images.MaxPixels,
                MaxImageAspectRatio = (int)images.MaxAspectRatio,
                MaxTextCharacters = limits.MaxTextCharacters,
                MaxClasses = limits.MaxClasses,
                MaxTemplates = TaskSpec.MaxTemplates,
                MaxViews = limits.MaxViews,
                MaxExamplesPerTask = limits.MaxExamplesPerTask,
                MaxRevisionBytes = trainer.Value.MaxRevisionBytes,
                MaxQueuedJobs = trainer.Value.MaxQueuedJobs,
                MaxApiKeys = ApiKeyStore.MaxKeysPerTenant,
                MaxPageSize = PageTokens.MaxPageSize,
            },
        };
    }
}
