namespace TaskRes.Platform.Resources;

/// <summary>A tenant, written <c>tenants/{tenant}</c>.</summary>
public readonly record struct TenantName(string Tenant)
{
    /// <exception cref="Core.TaskResException">InvalidField, naming <paramref name="field"/>.</exception>
    public static TenantName Parse(string name, string field) => new(ResourceSegments.Parse(name, field, "tenants")[0]);

    public TaskName Task(string task) => new(this, task);

    public override string ToString() => $"tenants/{Tenant}";
}
