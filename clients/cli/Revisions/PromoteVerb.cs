using System.CommandLine;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Tasks;
using TaskRes.Client;

namespace TaskRes.Cli.Revisions;

internal sealed class PromoteVerb : Verb
{
    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Argument<string> _revision = new("REVISION") { Description = "The revision's hash or its beginning." };

    private readonly Option<bool> _force = new("--force") { Description = "Even where held-out examples say that it is worse than the base." };

    public PromoteVerb()
        : base("promote", "Make a revision the one that answers.")
    {
        Add(_task);
        Add(_revision);
        Add(_force);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var revision = await RevisionLookup.FindAsync(client, call.Value(_task), call.Value(_revision), cancellationToken);
        TaskView.Show(call.Screen, await client.Revisions.PromoteAsync(revision, new PromoteOptions { Force = call.Value(_force) }, cancellationToken));
        return ExitCode.Ok;
    }
}
