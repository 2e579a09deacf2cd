using System.CommandLine;

namespace TaskRes.Cli.Tasks;

internal static class TaskArgument
{
    public static Argument<string> Create() => new("TASK") { Description = "The task's id, or its full name tenants/TENANT/tasks/TASK." };
}
