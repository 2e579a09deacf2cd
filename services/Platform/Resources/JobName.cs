namespace TaskRes.Platform.Resources;

/// <summary>A training job of a task, written <c>tenants/{tenant}/tasks/{task}/jobs/{job}</c>.</summary>
public readonly record struct JobName(TaskName Task, string Job)
{
    /// <exception cref="Core.TaskResException">InvalidField, naming <paramref name="field"/>.</exception>
    public static JobName Parse(string name, string field)
    {
        var parts = ResourceSegments.Parse(name, field, "tenants", "tasks", "jobs");
        return new TenantName(parts[0]).Task(parts[1]).Job(parts[2]);
    }

    public override string ToString() => $"{Task}/jobs/{Job}";
}
