using StackExchange.Redis;
using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

internal static class TaskRecords
{
    public static byte[] Seal(TaskRecord task) => StoredValue.Seal(Of(task));

    public static Stored.Task Of(TaskRecord task) => new()
    {
        Name = $"{task.Name}",
        ClassNames = { task.ClassNames },
        Templates = { task.Templates },
        BaseKind = (int)task.BaseKind,
        EncoderFingerprint = task.EncoderFingerprint,
        ZeroShotRevision = task.ZeroShotRevision ?? "",
        CreateTimeUnixMs = task.CreateTime.ToUnixTimeMilliseconds(),
    };

    public static TaskRecord Open(RedisValue value, TaskName name)
    {
        var stored = StoredValue.Open(value, Stored.Task.Parser, $"{name}");
        if (stored.Name != $"{name}") throw StoredValue.Corrupt($"{name}", $"it is of {stored.Name}");
        return new TaskRecord
        {
            Name = name,
            ClassNames = [.. stored.ClassNames],
            Templates = [.. stored.Templates],
            BaseKind = Enum.IsDefined((BaseKind)stored.BaseKind) ? (BaseKind)stored.BaseKind : throw StoredValue.Corrupt($"{name}", $"its base kind is {stored.BaseKind}"),
            EncoderFingerprint = stored.EncoderFingerprint,
            ZeroShotRevision = stored.ZeroShotRevision is "" ? null : stored.ZeroShotRevision,
            CreateTime = DateTimeOffset.FromUnixTimeMilliseconds(stored.CreateTimeUnixMs),
        };
    }
}
