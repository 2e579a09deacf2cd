using System.CommandLine;
using Spectre.Console;
using TaskRes.Cli.Invocation;
using TaskRes.Core.Clip;

namespace TaskRes.Cli.Models;

internal sealed class ModelsRandomVerb : Verb
{
    private readonly Option<string> _architecture = new("--arch") { Description = "The architecture.", HelpName = "NAME", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "The folder to write.", HelpName = "DIR", Required = true };
    private readonly Option<int?> _seed = NumberOption.Whole("--seed", "Decides all weights. Default: 1.");

    public ModelsRandomVerb()
        : base("random", "Write a model of full size with random weights, to try and to measure things with.")
    {
        _architecture.AcceptOnlyFromAmong([.. RandomClip.Architectures]);
        Add(_architecture);
        Add(_out);
        Add(_seed);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        VerbCall.UseLibtorchOfEnvironment();
        var (architecture, folder) = (call.Value(_architecture), call.Value(_out));
        await Task.Run(() => RandomClip.Write(architecture, folder, call.Value(_seed) ?? 1), cancellationToken);
        call.Screen.Result(
            () => new { architecture, @out = folder },
            console => console.WriteLine($"Wrote {architecture} to {folder}. It has no tokenizer: give one with --tokenizer DIR."));
        return ExitCode.Ok;
    }
}
