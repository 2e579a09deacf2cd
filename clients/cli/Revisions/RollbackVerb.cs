using System.CommandLine;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Tasks;

namespace TaskRes.Cli.Revisions;

internal sealed class RollbackVerb : Verb
{
    private readonly Argument<string> _task = TaskArgument.Create();

    public RollbackVerb()
        : base("rollback", "Make the revision live again that was live before.") => Add(_task);

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        TaskView.Show(call.Screen, await client.Revisions.RollbackAsync(call.Value(_task), cancellationToken: cancellationToken));
        return ExitCode.Ok;
    }
}
