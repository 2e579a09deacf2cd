using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Models;
using TaskRes.Cli.Output;
using TaskRes.Core.Learning;

namespace TaskRes.Cli.Experiments;

internal sealed class EvalVerb : Verb
{
    private const int UsualViews = 10;

    private static readonly int[] UsualShots = [1, 2, 4, 8, 16];
    private static readonly ulong[] UsualSeeds = [1, 2, 3];

    private readonly ModelOptions _loading = new();
    private readonly Option<string[]> _models = Several("--model", "What encodes: as for embed; several are compared.", "M");
    private readonly Option<string?> _data = new("--data") { Description = "The folder of datasets, laid out as for CoOp.", HelpName = "DIR" };
    private readonly Option<string[]> _datasets = ListOption.Names("--datasets", "Which of them. Default: the paper's eleven.", "A,B");
    private readonly Option<string[]> _folders = Several("--folder", "A folder of class folders, or of train and test with class folders in them.", "DIR");
    private readonly Option<string[]> _features = Several("--features", "Features that are ready: train_{k}shot, test and, where there are text embeddings, base.", "FILE");
    private readonly Option<string[]> _methods = ListOption.Names("--methods", $"Which methods. Default: all but {MethodList.CoOp}, which is slow. There are {string.Join(", ", MethodList.Names)}.", "A,B");
    private readonly Option<int[]> _shots = ListOption.Numbers("--shots", "Images a class. Default: 1,2,4,8,16.", 1);
    private readonly Option<ulong[]> _seeds = ListOption.Numbers("--seeds", "Each draws other shots. Default: 1,2,3, the published draws.", 0UL);
    private readonly Option<int?> _parts = NumberOption.Whole("--parts", "Cut the classes of each dataset into so many tasks. Default: 1.", least: 1);
    private readonly Option<int?> _views = NumberOption.Whole("--views", $"Augmented views of each training image. Default: {UsualViews}.", least: 0);
    private readonly Option<double?> _alpha = NumberOption.Real("--alpha", "TaskRes's weight of the residual. Default: the paper's, by dataset.");
    private readonly Option<bool> _chosen = new("--choose-alpha") { Description = "Choose every method's weight by held-out shots." };
    private readonly Option<int?> _epochs = NumberOption.Whole("--epochs", "Passes over the shots. Default: each method's own.", least: 1);
    private readonly Option<double?> _rate = NumberOption.Real("--lr", "TaskRes's learning rate. Default: the paper's, by dataset.");
    private readonly Option<string[]> _templates = Several("--template", "A prompt for folders, with {} for the class name; several are averaged.", "TEXT");
    private readonly Option<bool> _underscores = new("--keep-underscores") { Description = "Leave underscores in class names, as the released code does." };
    private readonly Option<string?> _cache = new("--cache") { Description = "Where features are kept. Default: with the user's data.", HelpName = "DIR" };
    private readonly Option<string> _out = new("--out") { Description = "Where results go; a run goes on where an earlier one ended.", HelpName = "DIR", DefaultValueFactory = _ => "eval" };

    public EvalVerb()
        : base("eval", "Measure methods as the paper does: shots × seeds × methods × models, beside the published numbers.")
    {
        foreach (var option in new Option[] { _models, _data, _datasets, _folders, _features, _methods, _shots, _seeds, _parts, _views, _alpha, _chosen, _epochs, _rate, _templates, _underscores, _cache, _out }) Add(option);
        _loading.AddLoadingTo(this);
        Validators.Add(Check);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        VerbCall.UseLibtorchOfEnvironment();
        var options = Experiments(call);
        foreach (var method in options.Methods) MethodList.Settings(method, options, layout: null).Validate();
        var folder = Directory.CreateDirectory(call.Value(_out)).FullName;
        using var log = ResultLog.Open(Path.Combine(folder, "results.jsonl"));
        var cells = await call.Screen.ProgressAsync("reading", progress => MeasureAsync(call, options, log, progress, cancellationToken));

        var summary = ResultSummary.Of(cells.Select(log.Find).OfType<CellResult>());
        var files = await ResultFiles.WriteAsync(folder, summary);
        call.Screen.Result(() => ResultFiles.ForScripts(summary), console => ResultTables.Write(console, summary));
        Screen.Note($"Wrote {string.Join(", ", files.Select(Path.GetFileName))} to {folder}.");
        return ExitCode.Ok;
    }

    /// <returns>All cells that were asked for, the ones an earlier run has measured among them.</returns>
    private async Task<List<CellKey>> MeasureAsync(VerbCall call, ExperimentOptions options, ResultLog log, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var cells = new List<CellKey>();
        async Task Measure(IExperimentTask whole)
        {
            foreach (var task in PartTask.Of(whole, call.Value(_parts) ?? 1))
            {
                var run = new ExperimentRun(task, options, log, Told, Screen.Note);
                cells.AddRange(run.Cells);
                await run.RunAsync(progress, cancellationToken);
            }
        }

        var source = Source(call, options);
        foreach (var path in call.Value(_features)) await source.WithFeaturesAsync(path, Measure);
        foreach (var model in call.Value(_models)) await source.WithModelAsync(_loading.Read(call, model), Measure);
        return cells;
    }

    private ExperimentSource Source(VerbCall call, ExperimentOptions options) => new(
        options,
        call.Value(_data),
        Given(call, _datasets),
        call.Value(_folders),
        call.Value(_cache) ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "taskres", "features"));

    private ExperimentOptions Experiments(VerbCall call) => new()
    {
        Shots = Given(call, _shots) ?? UsualShots,
        Seeds = Given(call, _seeds) ?? UsualSeeds,
        Methods = Given(call, _methods) ?? MethodList.Usual,
        Views = call.Value(_views) ?? UsualViews,
        Alpha = call.Value(_alpha),
        ChooseAlpha = call.Value(_chosen),
        Epochs = call.Value(_epochs),
        LearningRate = call.Value(_rate),
        KeepUnderscores = call.Value(_underscores),
        Templates = Given(call, _templates) ?? [PromptTemplates.Default],
    };

    /// <summary>The values of an option; null where it was not given, for which the parser has an empty list.</summary>
    private static T[]? Given<T>(VerbCall call, Option<T[]> option) => call.Value(option) is { Length: > 0 } values ? values : null;

    /// <summary>Where no bar can be drawn, a line for each cell.</summary>
    private static void Told(CellResult cell)
    {
        if (Console.IsErrorRedirected)
            Screen.Note(string.Create(CultureInfo.InvariantCulture, $"{cell.Model} {cell.Key.Dataset} {cell.Key.Method} {cell.Key.Shots} shots seed {cell.Key.Seed}: {cell.Accuracy:0.00} %"));
    }

    private static Option<string[]> Several(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };

    private void Check(CommandResult result)
    {
        var images = result.GetResult(_data) is not null || result.GetResult(_folders) is { Implicit: false };
        var features = result.GetResult(_features) is { Implicit: false };
        if (!images && !features) result.AddError("Give one of --data DIR, --folder DIR and --features FILE.");
        if (images != result.GetResult(_models) is { Implicit: false }) result.AddError(images ? "Give the model that encodes the images by --model M." : "--model M goes with --data or --folder.");
        if (result.GetResult(_datasets) is not null && result.GetResult(_data) is null) result.AddError("--datasets goes with --data.");
        foreach (var method in (result.GetValue(_methods) ?? []).Except(MethodList.Names))
            result.AddError($"--methods: '{method}' is no method that is known; there are {string.Join(", ", MethodList.Names)}.");
    }
}
