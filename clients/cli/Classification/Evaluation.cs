using TaskRes.Cli.Files;
using TaskRes.Cli.Output;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Cli.Classification;

/// <summary>Counts of one class; accuracy in percent of the images that were answered, null where none was.</summary>
internal sealed record ClassCount(string ClassName, int Images, int Correct, double? Accuracy);

/// <summary>Counts answers against labels. An image that failed counts neither way.</summary>
internal sealed class Evaluation
{
    private readonly IReadOnlyList<LabelledFile> _images;
    private readonly Dictionary<string, (int Images, int Correct)> _counts;
    private readonly SortedSet<string> _revisions = new(StringComparer.Ordinal);
    private readonly Dictionary<CacheTier, int> _tiers = [];

    private Evaluation(IReadOnlyList<LabelledFile> images) =>
        (_images, _counts) = (images, images.Select(image => image.ClassName).Distinct().ToDictionary(name => name, _ => (0, 0)));

    public int Images => _counts.Values.Sum(count => count.Images);

    public int Correct => _counts.Values.Sum(count => count.Correct);

    public int Failed { get; private set; }

    public int Answered => Images + Failed;

    public (string Path, ItemError Error)? FirstFailure { get; private set; }

    /// <summary>In percent.</summary>
    public double? Accuracy => Share(Correct, Images);

    /// <summary>How long all images together took.</summary>
    public TimeSpan Elapsed { get; private set; }

    public double ImagesPerSecond => Images / Elapsed.TotalSeconds;

    public IEnumerable<ClassCount> Classes =>
        _counts.OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(count => new ClassCount(count.Key, count.Value.Images, count.Value.Correct, Share(count.Value.Correct, count.Value.Images)));

    /// <summary>Classifies images with the task's live revision, on one stream.</summary>
    public static async Task<Evaluation> RunAsync(
        TaskResClient client, string task, IReadOnlyList<LabelledFile> images, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var evaluation = new Evaluation(images);
        var start = TimeProvider.System.GetTimestamp();
        var contents = ImageFiles.ReadAllAsync(images.Select(image => image.Path), cancellationToken);
        await foreach (var answer in client.Classification.ClassifyStreamAsync(task, contents, new ClassifyOptions { TopK = 1 }, cancellationToken))
        {
            evaluation.Add(answer);
            progress.Report(new Step(evaluation.Answered, images.Count));
        }

        evaluation.Elapsed = TimeProvider.System.GetElapsedTime(start);
        return evaluation;
    }

    /// <summary>How many embeddings came from where.</summary>
    public int From(CacheTier tier) => _tiers.GetValueOrDefault(tier);

    private void Add(ClassifyStreamResponse answer)
    {
        var image = _images[(int)answer.Sequence];
        if (answer.Response is null)
        {
            Failed++;
            FirstFailure ??= (image.Path, answer.Error);
            return;
        }

        var (seen, correct) = _counts[image.ClassName];
        _counts[image.ClassName] = (seen + 1, correct + (answer.Response.Predictions[0].ClassName == image.ClassName ? 1 : 0));
        _revisions.Add(answer.Response.Revision);
        _tiers[answer.Response.Tier] = From(answer.Response.Tier) + 1;
    }

    /// <summary>More than one revision answered where one was promoted in between.</summary>
    public object ForScripts() => new { images = Images, correct = Correct, accuracy = Accuracy, failed = Failed, revisions = _revisions, classes = Classes };

    private static double? Share(int correct, int images) => images == 0 ? null : 100.0 * correct / images;
}
