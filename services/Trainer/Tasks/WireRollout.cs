using TaskRes.Core;
using TaskRes.Platform.Resources;
using Rollout = TaskRes.Platform.Registry.Rollout;

namespace TaskRes.Trainer.Tasks;

/// <summary>A rollout as callers give and see it.</summary>
internal static class WireRollout
{
    /// <returns>Null where nothing is to be on trial.</returns>
    /// <exception cref="TaskResException">InvalidField.</exception>
    public static Rollout? Parse(V1.Rollout? rollout, TaskName task)
    {
        if (rollout is null) return null;
        var (canary, shadow) = (Name(rollout.CanaryRevision, task, "rollout.canary_revision"), Name(rollout.ShadowRevision, task, "rollout.shadow_revision"));
        var percent = rollout.CanaryPercent;
        if (canary is null && percent != 0) throw TaskResException.Invalid("rollout.canary_percent", "there is no canary that could have a share; name one, or leave the share out.");
        if (canary is not null && percent is not (> 0 and < 100)) throw TaskResException.Invalid("rollout.canary_percent", $"{percent} is not between 0 and 100; promote the revision to give it all.");
        return canary is null && shadow is null ? null : new Rollout { Canary = canary, CanaryPercent = percent, Shadow = shadow };
    }

    public static V1.Rollout? From(Rollout? rollout) => rollout is null ? null : new V1.Rollout
    {
        CanaryRevision = $"{rollout.Canary}",
        CanaryPercent = rollout.CanaryPercent,
        ShadowRevision = $"{rollout.Shadow}",
    };

    private static RevisionName? Name(string name, TaskName task, string field)
    {
        if (name is "") return null;
        var revision = RevisionName.Parse(name, field);
        return revision.Task == task ? revision : throw TaskResException.Invalid(field, $"{revision} is of another task than {task}.");
    }
}
