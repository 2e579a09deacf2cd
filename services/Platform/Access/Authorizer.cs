using Microsoft.Extensions.Options;
using TaskRes.Platform.Resources;
using TaskRes.V1;

namespace TaskRes.Platform.Access;

/// <summary>Whether a principal may do a thing with a resource.</summary>
internal sealed class Authorizer(IOptions<AccessOptions> options, TenantStore tenants, TimeProvider time)
{
    private readonly Remembered<TenantName, TenantRecord> _tenants = new(tenants.FindAsync, options.Value, time);

    /// <exception cref="Core.TaskResException">PermissionDenied.</exception>
    public static void RequirePermission(Principal principal, MethodAccess method)
    {
        if (!principal.Permissions.Contains(method.Permission)) throw AccessErrors.PermissionDenied(method.Permission);
    }

    /// <summary>Another tenant's resource is refused as one that does not exist is, before anything is looked up.</summary>
    /// <param name="resource">A name that no service takes for a resource passes: the service says what is wrong with it.</param>
    /// <exception cref="Core.TaskResException">TenantNotFound, TaskNotFound; PermissionDenied; TenantSuspended.</exception>
    public async ValueTask RequireResourceAsync(Principal principal, string resource, CancellationToken cancellationToken)
    {
        if (AccessTarget.Of(resource) is not { } target) return;
        if (principal.Tenant is { } own && own != target.Tenant) throw target.NotFound();
        if (principal.Tasks.Count > 0 && (target.Task is not { } task || !principal.Tasks.Contains(task))) throw AccessErrors.TaskDenied();
        // A service speaks for a tenant whose call was admitted where it came in.
        if (principal.IsService) return;
        var tenant = await _tenants.FindAsync(target.Tenant, cancellationToken) ?? throw target.NotFound();
        if (tenant.State != TenantState.Active && !principal.IsOperator) throw AccessErrors.Suspended(target.Tenant);
    }
}
