using System.CommandLine;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Cli.Tasks;

internal sealed class TaskCreateVerb : Verb
{
    private readonly Argument<string> _name = new("NAME") { Description = "1–63 characters of a–z, 0–9 and -." };
    private readonly Option<string?> _classes = new("--classes") { Description = "Class names, with commas between them.", HelpName = "A,B,C" };
    private readonly Option<string?> _classesFile = new("--classes-file") { Description = "A file with one class name a line.", HelpName = "FILE" };

    private readonly Option<string[]> _templates = new("--template")
    {
        Description = "A prompt with {} for the class name; may be given several times. Default: 'a photo of a {}.'",
        HelpName = "T",
    };

    private readonly Option<string> _base = new("--base")
    {
        Description = "What the base classifier is made of.",
        DefaultValueFactory = _ => "prompts",
    };

    public TaskCreateVerb()
        : base("create", "Make a task. With a base of prompts it answers at once, zero-shot.")
    {
        _base.AcceptOnlyFromAmong("prompts", "class-mean");
        Add(_name);
        Add(_classes);
        Add(_classesFile);
        Add(_templates);
        Add(_base);
        Validators.Add(result =>
        {
            if (result.GetResult(_classes) is null == result.GetResult(_classesFile) is null)
                result.AddError("Give the classes by one of --classes A,B,C and --classes-file FILE.");
        });
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var options = new CreateTaskOptions
        {
            TaskId = call.Value(_name),
            ClassNames = await ClassNamesAsync(call, cancellationToken),
            Templates = call.Value(_templates) ?? [],
            BaseKind = call.Value(_base) == "prompts" ? BaseKind.Prompts : BaseKind.ClassMean,
        };
        using var client = call.Connect();
        var task = await client.Tasks.CreateAsync(options, cancellationToken);
        TaskView.Show(call.Screen, task);
        return ExitCode.Ok;
    }

    private async Task<IReadOnlyList<string>> ClassNamesAsync(VerbCall call, CancellationToken cancellationToken)
    {
        if (call.Value(_classes) is { } list) return list.Split(',', StringSplitOptions.TrimEntries);
        var lines = await File.ReadAllLinesAsync(InputFile.Require(call.Value(_classesFile)!, "--classes-file"), cancellationToken);
        return [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0)];
    }
}
