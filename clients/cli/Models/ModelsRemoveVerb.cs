using System.CommandLine;
using TaskRes.Cli.Hub;
using TaskRes.Cli.Invocation;

namespace TaskRes.Cli.Models;

internal sealed class ModelsRemoveVerb : Verb
{
    private readonly Argument<string> _name = new("NAME") { Description = "A name from 'models list', or that of an unfinished pull." };

    public ModelsRemoveVerb()
        : base("remove", "Delete a model from the store, and what has arrived of an unfinished pull.") => Add(_name);

    protected override Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var name = call.Value(_name);
        new ModelStore(ModelLibrary.Folder).Remove(name);
        call.Screen.Result(() => new { removed = name }, _ => Console.Out.WriteLine($"Removed {name}."));
        return Task.FromResult(ExitCode.Ok);
    }
}
