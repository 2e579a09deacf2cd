using System.CommandLine;
using System.CommandLine.Parsing;
using TaskRes.Cli.Invocation;

namespace TaskRes.Cli.Load;

internal sealed class LoadVerb : Verb
{
    private const string Classify = "classify";
    private const string Encode = "encode";
    private const int DefaultCallers = 16;
    private const int DefaultOutstanding = 1000;
    private const int DefaultImageSide = 224;

    private readonly Option<string> _verb = new("--verb") { Description = "What to ask for.", DefaultValueFactory = _ => Classify };
    private readonly Option<string?> _tasks = new("--tasks") { Description = "The tasks to ask, in turn at random, with commas between them.", HelpName = "T1,T2" };
    private readonly Option<int?> _concurrency = NumberOption.Whole("--concurrency", $"Requests under way: each follows the end of another (default {DefaultCallers}), or, with --rate, the most at a time (default {DefaultOutstanding}).", least: 1);
    private readonly Option<double?> _rate = NumberOption.Real("--rate", "Requests a second, at random times whatever the server does. A latency counts from when its request was due, to a millisecond.");
    private readonly Option<double?> _seconds = NumberOption.Real("--seconds", "How long. Default: 10.");
    private readonly Option<double?> _hitRatio = NumberOption.Real("--hit-ratio", "The share of requests, 0 to 1, whose image was sent before. Default: 0.");
    private readonly Option<int?> _imageSize = NumberOption.Whole("--image-size", $"The side of images of noise, in pixels. Default: {DefaultImageSide}.", least: 1);
    private readonly Option<string?> _images = new("--images") { Description = "A folder of images in place of noise.", HelpName = "FOLDER" };
    private readonly Option<int?> _seed = NumberOption.Whole("--seed", "Decides the mix and the times. Default: 1.");

    public LoadVerb()
        : base("load", "Put a server under load and measure it: throughput, latencies, errors, and where the time goes.")
    {
        _verb.AcceptOnlyFromAmong(Classify, Encode);
        foreach (var option in new Option[] { _verb, _tasks, _concurrency, _rate, _seconds, _hitRatio, _imageSize, _images, _seed }) Add(option);
        Validators.Add(Check);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var (seed, rate) = (call.Value(_seed) ?? 1, call.Value(_rate));
        var images = call.Value(_images) is { } folder
            ? await LoadImages.ReadAsync(folder, cancellationToken)
            : LoadImages.Synthetic(call.Value(_imageSize) ?? DefaultImageSide, seed);
        var plan = new LoadPlan
        {
            Tasks = call.Value(_verb) == Classify ? call.Value(_tasks)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [],
            Concurrency = call.Value(_concurrency) ?? (rate is null ? DefaultCallers : DefaultOutstanding),
            Rate = rate,
            Duration = TimeSpan.FromSeconds(call.Value(_seconds) ?? 10),
            HitRatio = call.Value(_hitRatio) ?? 0,
            Seed = seed,
        };
        using var client = call.Connect();
        var run = new LoadRun(client, plan, images, TimeProvider.System);
        var report = LoadReport.Of(plan, await run.RunAsync(cancellationToken), run.Elapsed);
        call.Screen.Result(() => report, report.Write);
        return report.Answered > 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private void Check(CommandResult result)
    {
        if (result.GetValue(_verb) != Encode && result.GetValue(_tasks)?.Trim(',', ' ') is null or "") result.AddError("Give the tasks to ask by --tasks T1,T2, or ask for embeddings by --verb encode.");
        if (result.GetResult(_images) is not null && result.GetResult(_imageSize) is not null) result.AddError("Give one of --images FOLDER and --image-size N.");
        if (result.GetValue(_hitRatio) is < 0 or > 1) result.AddError("--hit-ratio: give a number from 0 to 1.");
        if (result.GetValue(_rate) is <= 0) result.AddError("--rate: give a number above 0.");
        if (result.GetValue(_seconds) is <= 0) result.AddError("--seconds: give a number above 0.");
    }
}
