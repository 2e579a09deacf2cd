using System.CommandLine;
using System.Globalization;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Core.Learning;

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

    private readonly Option<string> _method = new("--method")
    {
        Description = "What is trained.",
        HelpName = "NAME",
        DefaultValueFactory = _ => TrainingSettings.TaskRes,
    };

    private readonly Option<double?> _alpha = NumberOption.Real("--alpha", "Weight of the residual. Default: 0.5.");
    private readonly Option<int?> _epochs = NumberOption.Whole("--epochs", "Passes over the examples. Default: 100 up to 4 shots, else 200.");
    private readonly Option<double?> _rate = NumberOption.Real("--lr", "Learning rate. Default: 0.002.");
    private readonly Option<ulong?> _seed = NumberOption.Unsigned("--seed", "Fixes the shuffles. Default: 1.");
    private readonly Option<string?> _order = new("--order") { Description = "A tensor epochs×N that fixes the batches.", HelpName = "NAME" };
    private readonly Option<string?> _out = new("--out") { Description = "Where to write residual, base, alpha and losses.", HelpName = "FILE" };

    public FitVerb()
        : base("fit", "Train on ready features, without a server.")
    {
        foreach (var option in new Option[] { _features, _train, _test, _base, _method, _alpha, _epochs, _rate, _seed, _order, _out }) Add(option);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        VerbCall.UseLibtorchOfEnvironment();
        var options = FitOptions(call);
        var report = await call.Screen.ProgressAsync("training", progress =>
            Task.Run(() => FewShotFit.Run(options, new Epochs(progress), cancellationToken), cancellationToken));

        call.Screen.Result(
            () => report,
            console => Tables.WriteValues(
                console,
                ("base accuracy", Percent(report.BaseAccuracy)),
                ("accuracy", Percent(report.Accuracy)),
                ("seconds", Number(report.Seconds, "0.00")),
                ("alpha", Number(report.Alpha, "0.###")),
                ("verdict", report.Verdict)));
        return ExitCode.Ok;
    }

    private FewShotFitOptions FitOptions(VerbCall call)
    {
        var usual = new TrainingSettings();
        return new FewShotFitOptions
        {
            Features = call.Value(_features),
            Train = call.Value(_train),
            Test = call.Value(_test),
            Base = call.Value(_base),
            Order = call.Value(_order),
            Out = call.Value(_out),
            Settings = usual with
            {
                Method = call.Value(_method),
                Alpha = call.Value(_alpha) ?? usual.Alpha,
                Epochs = call.Value(_epochs),
                LearningRate = call.Value(_rate) ?? usual.LearningRate,
                Seed = call.Value(_seed) ?? usual.Seed,
            },
        };
    }

    private static string Percent(double? value) => value is null ? "-" : $"{Number(value.Value, "0.00")} %";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class Epochs(IProgress<Step> progress) : IProgress<EpochProgress>
    {
        public void Report(EpochProgress value) =>
            progress.Report(new Step(value.Epoch, value.Epochs, string.Create(CultureInfo.InvariantCulture, $"epoch {value.Epoch}/{value.Epochs}, loss {value.Loss:0.0000}")));
    }
}
