using StackExchange.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

internal static class RolloutRecords
{
    public static byte[] Seal(TaskName task, Rollout rollout) => StoredValue.Seal(Of(task, rollout));

    public static Stored.Rollout Of(TaskName task, Rollout rollout) => new()
    {
        Task = $"{task}",
        CanaryRevision = rollout.Canary?.Revision ?? "",
        CanaryPercent = rollout.CanaryPercent,
        ShadowRevision = rollout.Shadow?.Revision ?? "",
    };

    public static Rollout Open(RedisValue value, TaskName task)
    {
        var resource = $"the rollout of {task}";
        var stored = StoredValue.Open(value, Stored.Rollout.Parser, resource);
        if (stored.Task != $"{task}") throw StoredValue.Corrupt(resource, $"it is of {stored.Task}");
        return new Rollout { Canary = NameOf(stored.CanaryRevision), CanaryPercent = stored.CanaryPercent, Shadow = NameOf(stored.ShadowRevision) };

        RevisionName? NameOf(string id)
        {
            if (id is "") return null;
            return ResourceSegments.IsIdentifier(id) ? task.Revision(id) : throw StoredValue.Corrupt(resource, "it names no revision");
        }
    }
}
