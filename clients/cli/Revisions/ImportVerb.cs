using System.CommandLine;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Cli.Tasks;

namespace TaskRes.Cli.Revisions;

internal sealed class ImportVerb : Verb
{
    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Argument<string> _file = new("FILE") { Description = "A safetensors file that 'export' wrote." };

    public ImportVerb()
        : base("import", "Take a revision from a file into a task with the same classes and encoder. It is not promoted.")
    {
        Add(_task);
        Add(_file);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(InputFile.Require(call.Value(_file), "FILE"));
        using var client = call.Connect();
        var revision = await client.Revisions.ImportAsync(call.Value(_task), file, cancellationToken);
        call.Screen.Result(() => Json.Of(revision), console => Tables.WriteValues(console, RevisionView.Values(revision)));
        return ExitCode.Ok;
    }
}
