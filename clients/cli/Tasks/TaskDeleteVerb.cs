using System.CommandLine;
using TaskRes.Cli.Invocation;

namespace TaskRes.Cli.Tasks;

internal sealed class TaskDeleteVerb : Verb
{
    private readonly Argument<string> _task = TaskArgument.Create();

    public TaskDeleteVerb()
        : base("delete", "Delete a task with its examples, revisions and jobs.") => Add(_task);

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        await client.Tasks.DeleteAsync(call.Value(_task), cancellationToken: cancellationToken);
        call.Screen.Result(() => new { deleted = call.Value(_task) }, _ => Console.Out.WriteLine($"Deleted {call.Value(_task)}."));
        return ExitCode.Ok;
    }
}
