using System.CommandLine;
using TaskRes.Cli.Errors;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Cli.Tasks;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Cli.Training;

internal sealed class JobsVerb : Verb
{
    private static readonly string[] States = [.. Enum.GetValues<JobState>().Where(state => state != JobState.Unspecified).Select(Word)];

    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Option<string?> _state = new("--state") { Description = "Only jobs in this state. Default: all." };

    public JobsVerb()
        : base("jobs", "List a task's training jobs, newest first.")
    {
        _state.AcceptOnlyFromAmong(States);
        Add(_task);
        Add(_state);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var options = new ListJobsOptions { State = call.Value(_state) is { } state ? Enum.Parse<JobState>(state, ignoreCase: true) : JobState.Unspecified };
        using var client = call.Connect();
        var jobs = await client.Training.ListJobsAsync(call.Value(_task), options, cancellationToken).ToListAsync(cancellationToken);
        call.Screen.Result(
            () => jobs.Select(Json.Of),
            console => Tables.Write(
                console,
                ["JOB", "STATE", ">EPOCH", "RESULT", "CREATED"],
                jobs.Select(job => new[] { ResourceIds.Last(job.Name), Word(job.State), Epoch(job.Progress), Result(job), Moments.Text(job.CreateTime) })));
        return ExitCode.Ok;
    }

    private static string Word(JobState state) => $"{state}".ToLowerInvariant();

    private static string Epoch(JobProgress? progress) => progress is null ? "-" : $"{progress.Epoch}/{progress.Epochs}";

    private static string Result(Job job) => job switch
    {
        { Error: { } error } => Failure.Name(error.Reason),
        { Revision.Length: > 0 } => ResourceIds.Last(job.Revision),
        _ => "-",
    };
}
