using TaskRes.Core;
using TaskRes.Platform.Resources;

namespace TaskRes.Trainer.Backup;

/// <summary>The names of a backup, and those of the tenant that is made of it.</summary>
/// <param name="Source">Whose backup it is.</param>
/// <param name="Target">What is restored.</param>
internal sealed record BackupNames(TenantName Source, TenantName Target)
{
    /// <summary>Keys open the tenant that their secrets name.</summary>
    public bool KeepKeys => Source == Target;

    /// <exception cref="TaskResException">InvalidField.</exception>
    public TaskName Task(string name, string field)
    {
        var task = TaskName.Parse(name, field);
        return task.Tenant == Source ? Target.Task(task.Task) : throw Foreign(field, name);
    }

    /// <exception cref="TaskResException">InvalidField.</exception>
    public RevisionName Revision(string name, TaskName task, string field)
    {
        var revision = RevisionName.Parse(name, field);
        return revision.Task == Source.Task(task.Task) ? task.Revision(revision.Revision) : throw Foreign(field, name);
    }

    /// <exception cref="TaskResException">InvalidField.</exception>
    public ApiKeyName ApiKey(string name, string field)
    {
        var key = ApiKeyName.Parse(name, field);
        return key.Tenant == Source ? new ApiKeyName(Target, key.Key) : throw Foreign(field, name);
    }

    private TaskResException Foreign(string field, string name) => TaskResException.Invalid(field, $"{name} does not belong here, in the backup of {Source}.");
}
