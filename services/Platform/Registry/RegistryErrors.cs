using TaskRes.Core;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

internal static class RegistryErrors
{
    public static TaskResException TaskNotFound(TaskName task) => Of(ErrorReason.TaskNotFound, $"{task} does not exist.", "task", $"{task}");

    public static TaskResException RevisionNotFound(RevisionName revision) =>
        Of(ErrorReason.RevisionNotFound, $"{revision} does not exist.", "revision", $"{revision}");

    public static TaskResException Conflict(TaskName task, string message) => Of(ErrorReason.Conflict, message, "task", $"{task}");

    public static TaskResException Of(ErrorReason reason, string message, string variable, string value) =>
        new(reason, message) { Metadata = new Dictionary<string, string> { [variable] = value } };
}
