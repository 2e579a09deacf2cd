using System.CommandLine;
using System.Globalization;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Cli.Revisions;
using TaskRes.Cli.Tasks;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Cli.Training;

internal sealed class TrainVerb : Verb
{
    private const int UsualViews = 4;
    private const long UsualSeed = 1;

    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Argument<string> _folder = new("FOLDER") { Description = "A folder of class folders, named as the task's classes." };
    private readonly Option<int?> _shots = NumberOption.Whole("--shots", "Images of each class, drawn by the seed. Default: all.", least: 1);
    private readonly Option<int?> _views = NumberOption.Whole("--views", $"Augmented views of each image, 0–32. Default: {UsualViews}.", least: 0);
    private readonly Option<string> _method = MethodOption.Create();
    private readonly Option<Alpha> _alpha = Alpha.CreateOption();
    private readonly Option<int?> _folds = NumberOption.Whole("--folds", "Parts in which the examples are held out in turn to judge the result; 0 for no verdict. Default: 4.", least: 0);
    private readonly Option<int?> _epochs = NumberOption.Whole("--epochs", "Passes over the examples. Default: the method's own; taskres: 100 up to 4 shots, else 200.", least: 1);
    private readonly Option<double?> _rate = NumberOption.Real("--lr", "Learning rate. Default: the method's own; taskres: 0.002.");
    private readonly Option<long?> _seed = NumberOption.Long("--seed", $"Fixes what is drawn and shuffled. Default: {UsualSeed}.");
    private readonly Option<string?> _warmStart = new("--warm-start") { Description = "The full name of a revision to start from, of this task or one that shares classes with it.", HelpName = "REVISION" };
    private readonly Option<bool> _noPromote = new("--no-promote") { Description = "Keep the revision without making it live." };
    private readonly Option<bool> _ifImproved = new("--if-improved") { Description = "Make it live only where held-out examples say that it improves on the base." };
    private readonly Option<bool> _force = new("--force") { Description = "Make it live even where they say that it is worse than the base." };

    public TrainVerb()
        : base("train", "Upload a folder's images as examples, train a residual on them, and make it live.")
    {
        Add(_task);
        Add(_folder);
        foreach (var option in new Option[] { _shots, _views, _method, _alpha, _folds, _epochs, _rate, _seed, _warmStart, _noPromote, _ifImproved, _force }) Add(option);
        Validators.Add(result =>
        {
            if (new[] { _noPromote, _ifImproved, _force }.Count(result.GetValue) > 1) result.AddError("Give one of --no-promote, --if-improved and --force.");
        });
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var (task, screen) = (call.Value(_task), call.Screen);
        var folders = ClassFolders.Read(call.Value(_folder));
        if (call.Value(_shots) is { } shots) folders = folders.Draw(shots, call.Value(_seed) ?? UsualSeed);

        using var client = call.Connect();
        folders.RequireKnown((await client.Tasks.GetAsync(task, cancellationToken)).Task.ClassNames, task);
        var examples = await ExampleUpload.RunAsync(client, screen, task, call.Value(_views) ?? UsualViews, folders, cancellationToken);
        var queued = await client.Training.TrainAsync(JobOptions(call), cancellationToken);
        var job = await JobFollower.FollowAsync(client, screen, queued.Name, cancellationToken);
        var revision = await client.Revisions.GetAsync(job.Revision, cancellationToken);

        screen.Result(
            () => new { examples, job = Json.Of(job), revision = Json.Of(revision) },
            console => Tables.WriteValues(console, [("added", Counts(examples)), .. RevisionView.Values(revision)]));
        return ExitCode.Ok;
    }

    private TrainOptions JobOptions(VerbCall call)
    {
        var alpha = call.Value(_alpha);
        var settings = new V1.TrainingSettings { Method = call.Value(_method), ChooseAlpha = alpha.IsChosen, Epochs = call.Value(_epochs) ?? 0 };
        if (alpha.Value is { } value) settings.Alpha = value;
        if (call.Value(_folds) is { } folds) settings.Folds = folds;
        if (call.Value(_rate) is { } rate) settings.LearningRate = rate;
        if (call.Value(_seed) is { } seed) settings.Seed = seed;
        return new TrainOptions { Task = call.Value(_task), Settings = settings, Promotion = Promotion(call), WarmStart = call.Value(_warmStart) };
    }

    private PromotionPolicy Promotion(VerbCall call) =>
        call.Value(_noPromote) ? PromotionPolicy.Manual
        : call.Value(_ifImproved) ? PromotionPolicy.IfImproved
        : call.Value(_force) ? PromotionPolicy.Always
        : PromotionPolicy.OnSuccess;

    private static string Counts(UploadReport report) => string.Create(
        CultureInfo.InvariantCulture, $"{report.Added} (unchanged {report.Unchanged}, replaced {report.Replaced}, failed {report.Failed})");
}
