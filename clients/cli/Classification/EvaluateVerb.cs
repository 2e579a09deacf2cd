using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Cli.Tasks;
using TaskRes.Client;

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
        var evaluation = await call.Screen.ProgressAsync("classifying", progress => RunAsync(client, task, folders, progress, cancellationToken));

        if (evaluation.FirstError is { } error) Screen.Note($"{evaluation.Failed} images failed, the first of them: {error}");
        call.Screen.Result(evaluation.ForScripts, console => Write(console, evaluation));
        return evaluation.Failed == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<Evaluation> RunAsync(
        TaskResClient client, string task, ClassFolders folders, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var evaluation = new Evaluation(folders.Images);
        var images = ImageFiles.ReadAllAsync(folders.Images.Select(image => image.Path), cancellationToken);
        await foreach (var answer in client.Classification.ClassifyStreamAsync(task, images, topK: 1, cancellationToken))
        {
            evaluation.Add(answer);
            progress.Report(new Step(evaluation.Answered, folders.Images.Count));
        }

        return evaluation;
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
