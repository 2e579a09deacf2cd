using TaskRes.Cli.Files;
using TaskRes.V1;

namespace TaskRes.Cli.Classification;

/// <summary>Counts of one class; accuracy in percent of the images that were answered, null where none was.</summary>
internal sealed record ClassCount(string ClassName, int Images, int Correct, double? Accuracy);

/// <summary>Counts answers against labels. An image that failed counts neither way.</summary>
internal sealed class Evaluation(IReadOnlyList<LabelledFile> images)
{
    private readonly Dictionary<string, (int Images, int Correct)> _counts = images.Select(image => image.ClassName).Distinct().ToDictionary(name => name, _ => (0, 0));
    private readonly SortedSet<string> _revisions = new(StringComparer.Ordinal);

    public int Images => _counts.Values.Sum(count => count.Images);

    public int Correct => _counts.Values.Sum(count => count.Correct);

    public int Failed { get; private set; }

    public int Answered => Images + Failed;

    public string? FirstError { get; private set; }

    /// <summary>In percent.</summary>
    public double? Accuracy => Share(Correct, Images);

    public IEnumerable<ClassCount> Classes =>
        _counts.OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(count => new ClassCount(count.Key, count.Value.Images, count.Value.Correct, Share(count.Value.Correct, count.Value.Images)));

    public void Add(ClassifyStreamResponse answer)
    {
        var image = images[(int)answer.Sequence];
        if (answer.Response is null)
        {
            Failed++;
            FirstError ??= $"{image.Path}: {answer.Error.Message}";
            return;
        }

        var (seen, correct) = _counts[image.ClassName];
        _counts[image.ClassName] = (seen + 1, correct + (answer.Response.Predictions[0].ClassName == image.ClassName ? 1 : 0));
        _revisions.Add(answer.Response.Revision);
    }

    /// <summary>More than one revision answered where one was promoted in between.</summary>
    public object ForScripts() => new { images = Images, correct = Correct, accuracy = Accuracy, failed = Failed, revisions = _revisions, classes = Classes };

    private static double? Share(int correct, int images) => images == 0 ? null : 100.0 * correct / images;
}
