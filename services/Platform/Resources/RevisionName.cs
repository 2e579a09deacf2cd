namespace TaskRes.Platform.Resources;

/// <summary>A revision of a task, written <c>tenants/{tenant}/tasks/{task}/revisions/{revision}</c>; <paramref name="Revision"/> is its content's hash.</summary>
public readonly record struct RevisionName(TaskName Task, string Revision)
{
    /// <exception cref="Core.TaskResException">InvalidField, naming <paramref name="field"/>.</exception>
    public static RevisionName Parse(string name, string field)
    {
        var parts = ResourceSegments.Parse(name, field, "tenants", "tasks", "revisions");
        return new TenantName(parts[0]).Task(parts[1]).Revision(parts[2]);
    }

    public override string ToString() => $"{Task}/revisions/{Revision}";
}
