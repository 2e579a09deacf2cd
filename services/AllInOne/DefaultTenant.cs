using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Resources;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.AllInOne;

/// <summary>Makes the tenant that a suite on one machine begins with, before the first call is taken.</summary>
internal sealed class DefaultTenant(TenantStore tenants, TimeProvider time) : IHostedService
{
    private static readonly TenantName Name = new("default");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await tenants.CreateAsync(new TenantRecord(Name, "", TenantState.Active, time.GetUtcNow()), cancellationToken);
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.TenantAlreadyExists)
        {
            // Not the first start.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
