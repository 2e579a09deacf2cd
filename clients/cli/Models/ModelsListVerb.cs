using System.CommandLine;
using System.Globalization;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;

namespace TaskRes.Cli.Models;

internal sealed class ModelsListVerb : Verb
{
    private readonly Option<string> _dir = new("--dir")
    {
        Description = "The folder to look in.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ModelLibrary.Folder,
    };

    public ModelsListVerb()
        : base("list", "List the models of a folder.") => Add(_dir);

    protected override Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var folder = call.Value(_dir);
        var models = ModelLibrary.List(folder);
        call.Screen.Result(
            () => models,
            console =>
            {
                if (models.Count == 0) Console.Out.WriteLine($"No models in {folder}. 'taskres models pull openai/clip-vit-base-patch32' gets one.");
                else Tables.Write(console, ["MODEL", ">MB", "SOURCE"], models.Select(model => new[] { model.Name, (model.Bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture), model.Source?.Host ?? "" }));
            });
        return Task.FromResult(ExitCode.Ok);
    }
}
