using System.Globalization;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;

namespace TaskRes.Cli.Tasks;

internal sealed class TaskListVerb() : Verb("list", "List the tenant's tasks.")
{
    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var tasks = await client.Tasks.ListAsync(cancellationToken).ToListAsync(cancellationToken);
        call.Screen.Result(
            () => tasks.Select(Json.Of),
            console => Tables.Write(
                console,
                ["TASK", ">EXAMPLES", "LIVE", "CREATED"],
                tasks.Select(task => new[]
                {
                    ResourceIds.Last(task.Name),
                    task.ExampleCount.ToString(CultureInfo.InvariantCulture),
                    task.LiveRevision.Length == 0 ? "-" : ResourceIds.Last(task.LiveRevision),
                    Moments.Text(task.CreateTime),
                })));
        return ExitCode.Ok;
    }
}
