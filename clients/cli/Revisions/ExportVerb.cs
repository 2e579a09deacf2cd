using System.CommandLine;
using Spectre.Console;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Tasks;

namespace TaskRes.Cli.Revisions;

internal sealed class ExportVerb : Verb
{
    private readonly Argument<string> _task = TaskArgument.Create();

    private readonly Argument<string?> _revision = new("REVISION")
    {
        Description = "The revision's hash or its beginning. Default: the live one.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _out = new("--out") { Description = "The safetensors file to write.", HelpName = "FILE", Required = true };

    public ExportVerb()
        : base("export", "Write a revision to a safetensors file.")
    {
        Add(_task);
        Add(_revision);
        Add(_out);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var (task, path) = (call.Value(_task), call.Value(_out));
        using var client = call.Connect();
        var revision = call.Value(_revision) is { } given
            ? await RevisionLookup.FindAsync(client, task, given, cancellationToken)
            : await RevisionLookup.LiveAsync(client, task, cancellationToken);

        await WholeFile.WriteAsync(path, file => client.Revisions.ExportAsync(revision, file, cancellationToken));
        var bytes = new FileInfo(path).Length;
        call.Screen.Result(() => new { revision, @out = path, bytes }, console => console.WriteLine($"Wrote {path}, {bytes:N0} bytes."));
        return ExitCode.Ok;
    }
}
