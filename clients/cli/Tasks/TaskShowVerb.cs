using System.CommandLine;
using TaskRes.Cli.Invocation;

namespace TaskRes.Cli.Tasks;

internal sealed class TaskShowVerb : Verb
{
    private readonly Argument<string> _task = TaskArgument.Create();

    public TaskShowVerb()
        : base("show", "Show a task and how many examples it has of each class.") => Add(_task);

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var response = await client.Tasks.GetAsync(call.Value(_task), cancellationToken);
        TaskView.Show(call.Screen, response.Task, response.ExamplesPerClass);
        return ExitCode.Ok;
    }
}
