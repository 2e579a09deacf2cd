using System.Collections.Frozen;
using TaskRes.Platform.Resources;
using TaskRes.V1;

namespace TaskRes.Platform.Access;

/// <summary>Who calls, and what that allows.</summary>
/// <param name="Id">For audit records: <c>operator</c>, <c>service</c>, <c>keys/{key}</c> or <c>jwt/{subject}</c>.</param>
/// <param name="Tenant">The one tenant whose resources exist for this principal; null where all do.</param>
/// <param name="Permissions">What it may do.</param>
/// <param name="Tasks">The tasks that it is for; empty means all.</param>
internal sealed record Principal(string Id, TenantName? Tenant, FrozenSet<Permission> Permissions, FrozenSet<TaskName> Tasks)
{
    public static Principal Operator { get; } = new("operator", null, FrozenSet.Create(Enum.GetValues<Permission>()), []);

    /// <summary>A service of the suite: it encodes for any tenant, and changes nothing.</summary>
    public static Principal Service { get; } = new("service", null, [Permission.Read, Permission.Classify], []);

    public bool IsOperator => this == Operator;

    public bool IsService => this == Service;
}
