using System.CommandLine;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Tasks;

namespace TaskRes.Cli.Revisions;

internal sealed class PromoteVerb : Verb
{
    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Argument<string> _revision = new("REVISION") { Description = "The revision's hash or its beginning." };

    public PromoteVerb()
        : base("promote", "Make a revision the one that answers.")
    {
        Add(_task);
        Add(_revision);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var revision = await RevisionLookup.FindAsync(client, call.Value(_task), call.Value(_revision), cancellationToken);
        TaskView.Show(call.Screen, await client.Revisions.PromoteAsync(revision, cancellationToken: cancellationToken));
        return ExitCode.Ok;
    }
}
