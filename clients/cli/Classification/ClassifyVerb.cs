using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using TaskRes.Cli.Errors;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Cli.Tasks;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Cli.Classification;

internal sealed class ClassifyVerb : Verb
{
    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Argument<string[]> _images = new("IMAGE") { Description = "Image files, or folders of them.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _top = NumberOption.Whole("--top", "Classes to answer with, best first. Default: 5.", least: 1);

    public ClassifyVerb()
        : base("classify", "Classify images with the task's live revision.")
    {
        Add(_task);
        Add(_images);
        Add(_top);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var files = ImageFiles.Expand(call.Value(_images), "IMAGE");
        using var client = call.Connect();
        var answers = new ClassifyStreamResponse[files.Count];
        var images = ImageFiles.ReadAllAsync(files, cancellationToken);
        await foreach (var answer in client.Classification.ClassifyStreamAsync(call.Value(_task), images, new ClassifyOptions { TopK = call.Value(_top) ?? 0 }, cancellationToken))
            answers[answer.Sequence] = answer;

        // What befell every image, and lies in none of them, is an error of the call: there is no such task, for one.
        if (answers.All(answer => answer.Error is { } error && !ItemErrors.IsOfImage(error))) throw ItemErrors.Exception(answers[0].Error, files[0]);

        foreach (var (file, answer) in files.Zip(answers).Where(pair => pair.Second.Error is not null)) Screen.Note($"{file}: {answer.Error.Message}");
        call.Screen.Result(
            () => files.Zip(answers, ForScripts),
            console => Tables.Write(console, ["IMAGE", "CLASS", ">PROBABILITY", "FROM"], files.Zip(answers, Rows).SelectMany(rows => rows)));
        return answers.All(answer => answer.Response is not null) ? ExitCode.Ok : ExitCode.Failed;
    }

    private static JsonObject ForScripts(string file, ClassifyStreamResponse answer)
    {
        var json = answer.Response is { } response
            ? Json.Of(response)
            : new JsonObject { ["error"] = JsonNode.Parse(Json.Text(new Failure(Failure.Name(answer.Error.Reason), answer.Error.Message))) };
        json.Insert(0, "image", file);
        return json;
    }

    private static IEnumerable<string[]> Rows(string file, ClassifyStreamResponse answer)
    {
        var name = Path.GetFileName(file);
        if (answer.Response is null) return [[name, Failure.Name(answer.Error.Reason), "", ""]];
        return answer.Response.Predictions.Select((prediction, rank) => new[]
        {
            rank == 0 ? name : "",
            prediction.ClassName,
            prediction.Probability.ToString("0.0000", CultureInfo.InvariantCulture),
            rank == 0 ? Tier(answer.Response.Tier) : "",
        });
    }

    private static string Tier(CacheTier tier) => tier switch
    {
        CacheTier.Memory => "memory",
        CacheTier.Redis => "cache",
        _ => "encoder",
    };
}
