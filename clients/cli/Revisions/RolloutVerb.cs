using System.CommandLine;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Tasks;
using TaskRes.Client;

namespace TaskRes.Cli.Revisions;

internal sealed class RolloutVerb : Verb
{
    private const double DefaultPercent = 10;

    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Option<string?> _canary = new("--canary") { Description = "Revision that answers a share of the requests." };
    private readonly Option<double> _percent = new("--percent") { Description = "The canary's share, between 0 and 100.", DefaultValueFactory = _ => DefaultPercent };
    private readonly Option<string?> _shadow = new("--shadow") { Description = "Revision that scores all requests, for the log and the metrics alone." };

    public RolloutVerb()
        : base("rollout", "Put revisions on trial beside the live one; without any, end the trial.")
    {
        Add(_task);
        Add(_canary);
        Add(_percent);
        Add(_shadow);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var task = call.Value(_task);
        var canary = await FindAsync(client, task, call.Value(_canary), cancellationToken);
        var rollout = new V1.Rollout
        {
            CanaryRevision = canary,
            CanaryPercent = canary.Length > 0 ? call.Value(_percent) : 0,
            ShadowRevision = await FindAsync(client, task, call.Value(_shadow), cancellationToken),
        };
        TaskView.Show(call.Screen, await client.Revisions.SetRolloutAsync(task, rollout, cancellationToken: cancellationToken));
        return ExitCode.Ok;
    }

    private static async Task<string> FindAsync(TaskResClient client, string task, string? revision, CancellationToken cancellationToken) =>
        revision is null ? "" : await RevisionLookup.FindAsync(client, task, revision, cancellationToken);
}
