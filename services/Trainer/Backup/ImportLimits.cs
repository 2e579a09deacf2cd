using Microsoft.Extensions.Options;
using TaskRes.Platform.Limits;

namespace TaskRes.Trainer.Backup;

/// <summary>The service's limits that an import is held to. A tenant's own quotas bind what comes after it.</summary>
internal sealed class ImportLimits(IOptions<RequestLimits> requests, IOptions<TrainerOptions> trainer)
{
    public RequestLimits Requests => requests.Value;

    public int MaxRevisionBytes => trainer.Value.MaxRevisionBytes;
}
