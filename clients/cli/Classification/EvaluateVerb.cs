using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TaskRes.Cli.Errors;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Cli.Tasks;

namespace TaskRes.Cli.Classification;

internal sealed class EvaluateVerb : Verb
{
    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Argument<string> _folder = new("FOLDER") { Description = "A folder of class folders, named as the task's classes." };

    public EvaluateVerb()
        : base("evaluate", "Classify a folder of labelled images and count what is right.")
    {
        Add(_task);
        Add(_folder);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var (task, folders) = (call.Value(_task), ClassFolders.Read(call.Value(_folder)));
        using var client = call.Connect();
        folders.RequireKnown((await client.Tasks.GetAsync(task, cancellationToken)).Task.ClassNames, task);
        var evaluation = await call.Screen.ProgressAsync("classifying", progress => Evaluation.RunAsync(client, task, folders.Images, progress, cancellationToken));

        if (evaluation.FirstFailure is var (path, error))
        {
            if (evaluation.Images == 0) throw ItemErrors.Exception(error, path);
            Screen.Note($"{evaluation.Failed} images failed, the first of them {path}: {error.Message}");
        }

        call.Screen.Result(evaluation.ForScripts, console => Write(console, evaluation));
        return evaluation.Failed == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Write(IAnsiConsole console, Evaluation evaluation)
    {
        Tables.Write(console, ["CLASS", ">IMAGES", ">CORRECT", ">ACCURACY"], evaluation.Classes.Select(c => new[]
        {
            c.ClassName, Number(c.Images), Number(c.Correct), Percent(c.Accuracy),
        }));
        console.WriteLine($"{evaluation.Correct} of {evaluation.Images} right: {Percent(evaluation.Accuracy)}");
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double? percent) => percent is null ? "-" : percent.Value.ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
