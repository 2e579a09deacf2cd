using System.CommandLine;
using System.Globalization;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Cli.Tasks;

namespace TaskRes.Cli.Revisions;

internal sealed class RevisionsVerb : Verb
{
    private readonly Argument<string> _task = TaskArgument.Create();

    public RevisionsVerb()
        : base("revisions", "List a task's revisions, newest first.") => Add(_task);

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var revisions = await client.Revisions.ListAsync(call.Value(_task), cancellationToken).ToListAsync(cancellationToken);
        call.Screen.Result(
            () => revisions.Select(Json.Of),
            console => Tables.Write(
                console,
                ["REVISION", "LIVE", ">EXAMPLES", ">BASE", ">SUPPORT", "CREATED"],
                revisions.Select(revision => new[]
                {
                    ResourceIds.Last(revision.Name),
                    revision.Live ? "live" : "",
                    revision.ExampleCount.ToString(CultureInfo.InvariantCulture),
                    RevisionView.Percent(revision.BaseSupportAccuracy),
                    RevisionView.Percent(revision.SupportAccuracy),
                    Moments.Text(revision.CreateTime),
                })));
        return ExitCode.Ok;
    }
}
