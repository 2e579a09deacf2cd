using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Models;
using TaskRes.Cli.Output;
using TaskRes.Cli.Training;
using TaskRes.Core;
using TaskRes.Core.Clip;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;
using TaskRes.Core.Safetensors;

namespace TaskRes.Cli.Features;

internal sealed class FitVerb : Verb
{
    private readonly Option<string> _features = new("--features") { Description = "A safetensors file of features and labels.", HelpName = "FILE", Required = true };
    private readonly Option<string> _train = new("--train") { Description = "Trains on PREFIX.features and PREFIX.labels.", HelpName = "PREFIX", Required = true };
    private readonly Option<string?> _test = new("--test") { Description = "Tests on PREFIX.features and PREFIX.labels.", HelpName = "PREFIX" };

    private readonly Option<string> _base = new("--base")
    {
        Description = "The tensor of the base classifier, or 'class-mean'.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "base",
    };

    private readonly Option<string> _method = MethodOption.Create();
    private readonly Option<Alpha> _alpha = Alpha.CreateOption();
    private readonly Option<int?> _folds = NumberOption.Whole("--folds", "Parts in which the examples are held out in turn to judge the result. Default: none.");
    private readonly Option<string?> _projection = new("--projection") { Description = "The tensor of the text projection, which taskres-enhanced tunes.", HelpName = "NAME" };
    private readonly Option<string?> _model = new("--model") { Description = "The model whose text tower coop learns through; the file's metadata must hold 'classes'.", HelpName = "M" };
    private readonly Option<string?> _tokenizer = ModelOptions.CreateTokenizer();
    private readonly Option<int?> _epochs = NumberOption.Whole("--epochs", "Passes over the examples. Default: the method's own; taskres: 100 up to 4 shots, else 200.");
    private readonly Option<double?> _rate = NumberOption.Real("--lr", "Learning rate. Default: the method's own; taskres: 0.002.");
    private readonly Option<ulong?> _seed = NumberOption.Unsigned("--seed", "Fixes the shuffles. Default: 1.");
    private readonly Option<string?> _order = new("--order") { Description = "A tensor epochs×N that fixes the batches.", HelpName = "NAME" };
    private readonly Option<string?> _out = new("--out") { Description = "Where to write residual, base, alpha and losses.", HelpName = "FILE" };

    private const string ClassesKey = "classes";

    public FitVerb()
        : base("fit", "Train on ready features, without a server.")
    {
        foreach (var option in new Option[] { _features, _train, _test, _base, _method, _alpha, _folds, _projection, _model, _tokenizer, _epochs, _rate, _seed, _order, _out }) Add(option);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        VerbCall.UseLibtorchOfEnvironment();
        using var prompts = call.Value(_model) is { } model ? Prompts(call, model) : null;
        var options = FitOptions(call) with { Prompts = prompts };
        var report = await call.Screen.ProgressAsync("training", progress =>
            Task.Run(() => FewShotFit.Run(options, new Epochs(progress), cancellationToken), cancellationToken));

        call.Screen.Result(
            () => report,
            console => Tables.WriteValues(
                console,
                ("base accuracy", Percent(report.BaseAccuracy)),
                ("accuracy", Percent(report.Accuracy)),
                ("seconds", Number(report.Seconds, "0.00")),
                ("method", report.Method),
                ("alpha", Number(report.Alpha, "0.###")),
                ("verdict", EvidenceView.Text(report.Verdict)),
                ("held out", EvidenceView.Text(report.Evidence))));
        return ExitCode.Ok;
    }

    private FewShotFitOptions FitOptions(VerbCall call)
    {
        var (method, alpha) = (call.Value(_method), call.Value(_alpha));
        var usual = method == FewShotMethods.Auto ? new TrainingSettings() : FewShotMethods.Find(method).Defaults;
        return new FewShotFitOptions
        {
            Features = call.Value(_features),
            Train = call.Value(_train),
            Test = call.Value(_test),
            Base = call.Value(_base),
            Order = call.Value(_order),
            TextProjection = call.Value(_projection),
            Out = call.Value(_out),
            Settings = usual with
            {
                Method = method,
                Alpha = alpha.Value ?? usual.Alpha,
                ChooseAlpha = alpha.IsChosen || (alpha.Value is null && usual.ChooseAlpha),
                Folds = call.Value(_folds) ?? 0,
                Epochs = call.Value(_epochs) ?? usual.Epochs,
                LearningRate = call.Value(_rate) ?? usual.LearningRate,
                Seed = call.Value(_seed) ?? usual.Seed,
            },
        };
    }

    private PromptTower Prompts(VerbCall call, string model)
    {
        using var file = SafetensorsFile.Open(call.Value(_features));
        var names = Classes(file.Header.Metadata);
        return PromptTower.Load(new ClipLoadOptions { Path = ModelLibrary.Resolve(model), TokenizerPath = call.Value(_tokenizer) }, names);
    }

    private static string[] Classes(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            if (metadata.TryGetValue(ClassesKey, out var text) && JsonSerializer.Deserialize<string[]>(text) is { Length: > 0 } classes && !classes.Contains(null)) return classes;
        }
        catch (JsonException)
        {
            // The same fault as none.
        }
        throw TaskResException.Invalid("--features", $"the metadata holds no '{ClassesKey}', a JSON array of the class names, which the prompts are of.");
    }

    private static string Percent(double? value) => value is null ? "-" : $"{Number(value.Value, "0.00")} %";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class Epochs(IProgress<Step> progress) : IProgress<EpochProgress>
    {
        public void Report(EpochProgress value) =>
            progress.Report(new Step(value.Epoch, value.Epochs, string.Create(CultureInfo.InvariantCulture, $"epoch {value.Epoch}/{value.Epochs}, loss {value.Loss:0.0000}")));
    }
}
