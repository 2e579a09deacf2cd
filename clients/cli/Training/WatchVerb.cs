using System.CommandLine;
using Spectre.Console;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;

namespace TaskRes.Cli.Training;

internal sealed class WatchVerb : Verb
{
    private readonly Argument<string> _job = new("JOB") { Description = "The job's full name tenants/TENANT/tasks/TASK/jobs/JOB." };

    public WatchVerb()
        : base("watch", "Follow a training job to its end.") => Add(_job);

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var job = await JobFollower.FollowAsync(client, call.Screen, call.Value(_job), cancellationToken);
        call.Screen.Result(
            () => Json.Of(job),
            console => console.WriteLine($"Succeeded: {ResourceIds.Last(job.Revision)}{(job.Promoted ? ", now live" : "")}."));
        return ExitCode.Ok;
    }
}
