using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Cli.Revisions;
using TaskRes.Cli.Tasks;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Cli.Difficulty;

internal sealed class DifficultyVerb : Verb
{
    private const int UsualNext = 10;

    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Option<string?> _revision = new("--revision") { Description = "The revision whose training measured it, or its beginning. Default: the newest trained.", HelpName = "REVISION" };
    private readonly Option<string?> _pool = new("--pool") { Description = "A folder of unlabelled images: says which of them to label next.", HelpName = "FOLDER" };
    private readonly Option<int?> _next = NumberOption.Whole("--next", $"How many of them. Default: {UsualNext}.", least: 1);

    public DifficultyVerb()
        : base("difficulty", "How hard a task is, which classes need more images, and which examples may be mislabelled.")
    {
        Add(_task);
        foreach (var option in new Option[] { _revision, _pool, _next }) Add(option);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var task = call.Value(_task);
        var revision = call.Value(_revision) is { } text ? await RevisionLookup.FindAsync(client, task, text, cancellationToken) : null;
        var difficulty = await client.Tasks.GetDifficultyAsync(task, new DifficultyOptions { Revision = revision }, cancellationToken);
        var unsure = call.Value(_pool) is { } folder
            ? await UnsureImage.RankAsync(client, task, ImageFiles.Expand([folder], "--pool"), call.Value(_next) ?? UsualNext, cancellationToken)
            : [];
        call.Screen.Result(() => new { difficulty = Json.Of(difficulty), next = unsure }, console => Show(console, difficulty, unsure));
        return ExitCode.Ok;
    }

    private static void Show(IAnsiConsole console, V1.Difficulty difficulty, IReadOnlyList<UnsureImage> unsure)
    {
        Tables.WriteValues(
            console,
            ("measured", difficulty.Revision is "" ? "on the base alone" : $"when {ResourceIds.Last(difficulty.Revision)} was trained"),
            ("examples", difficulty.Examples.ToString(CultureInfo.InvariantCulture)),
            ("zero-shot accuracy", Text(difficulty.ZeroShotAccuracy, "0.0", " %")),
            ("above chance", Text(difficulty.AccuracyAboveChance, "0.0", " %")),
            ("transfer difficulty", Text(difficulty.RelativeTransferDifficulty, "0.000")),
            ("zero-shot margin", Text(difficulty.ZeroShotMargin, "0.000")),
            ("intra/inter ratio", Text(difficulty.IntraInterRatio, "0.00")),
            ("support-text gap", Text(difficulty.SupportTextGap, "0.000")));
        Tables.Write(
            console,
            ["CLASS", ">SHOTS", ">BASE", ">HELD OUT", ">SAVED", ">|X|/|T|", "TAKEN FOR", "NEEDS"],
            difficulty.Classes.OrderBy(one => (one.HeldOutRecall ?? one.ZeroShotRecall)?.Value ?? -1).Select(one => new[]
            {
                one.ClassName,
                one.Shots.ToString(CultureInfo.InvariantCulture),
                Number(one.ZeroShotRecall, "0"),
                Number(one.HeldOutRecall, "0"),
                Number(one.HeldOutGain, "+0.00;-0.00;0.00"),
                one.RelativeResidual.ToString("0.000", CultureInfo.InvariantCulture),
                one.Confusions.Count == 0 ? "" : one.Confusions[0].ClassName,
                one.NeedsMoreImages ? "more images" : "",
            }));
        if (difficulty.Suspects.Count > 0)
            Tables.Write(console, ["MAY BE MISLABELLED", "LABEL", "LOOKS LIKE", ">SURE"], difficulty.Suspects.Select(suspect => new[]
            {
                suspect.Digest[..12], suspect.ClassName, suspect.LikelyClassName, suspect.Probability.ToString("0", CultureInfo.InvariantCulture) + " %",
            }));
        if (unsure.Count > 0)
            Tables.Write(console, ["LABEL NEXT", "LOOKS LIKE", "OR", ">MARGIN"], unsure.Select(image => new[]
            {
                Path.GetFileName(image.Image), image.First, image.Second, image.Margin.ToString("0.000", CultureInfo.InvariantCulture),
            }));
    }

    private static string Number(Measure? measure, string format) => measure?.Value.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private static string Text(Measure? measure, string format, string unit = "") => measure is null
        ? "-"
        : $"{Number(measure, format)}{unit} ({measure.Low.ToString(format, CultureInfo.InvariantCulture)} to {measure.High.ToString(format, CultureInfo.InvariantCulture)})";
}
