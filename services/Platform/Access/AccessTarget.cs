using TaskRes.Core;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Access;

/// <summary>What a resource name is about, as far as access goes.</summary>
internal sealed record AccessTarget(TenantName Tenant, TaskName? Task)
{
    /// <summary>Null where the name is of no tenant at all: no service can take it for a resource.</summary>
    public static AccessTarget? Of(string resource)
    {
        if (resource.Split('/') is not ["tenants", var tenantId, .. var rest] || !ResourceSegments.IsIdentifier(tenantId)) return null;
        var tenant = new TenantName(tenantId);
        return new AccessTarget(tenant, rest is ["tasks", var task, ..] && ResourceSegments.IsIdentifier(task) ? tenant.Task(task) : null);
    }

    /// <summary>The same whether the resource is another tenant's or nobody's.</summary>
    public TaskResException NotFound() => Task is { } task ? RegistryErrors.TaskNotFound(task) : AccessErrors.TenantNotFound(Tenant);
}
