namespace TaskRes.Platform.Resources;

/// <summary>A task of a tenant, written <c>tenants/{tenant}/tasks/{task}</c>.</summary>
public readonly record struct TaskName(TenantName Tenant, string Task)
{
    /// <exception cref="Core.TaskResException">InvalidField, naming <paramref name="field"/>.</exception>
    public static TaskName Parse(string name, string field)
    {
        var parts = ResourceSegments.Parse(name, field, "tenants", "tasks");
        return new TaskName(new TenantName(parts[0]), parts[1]);
    }

    public RevisionName Revision(string revision) => new(this, revision);

    public JobName Job(string job) => new(this, job);

    public override string ToString() => $"{Tenant}/tasks/{Task}";
}
