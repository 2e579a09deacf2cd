using TaskRes.Cli.Errors;
using TaskRes.Cli.Files;
using TaskRes.Client;

namespace TaskRes.Cli.Difficulty;

/// <summary>An image that the live revision is unsure of: labelling it teaches more than labelling one that is plain.</summary>
/// <param name="Image">Its file.</param>
/// <param name="First">The likeliest class.</param>
/// <param name="Second">The next.</param>
/// <param name="Margin">The difference of their probabilities.</param>
internal sealed record UnsureImage(string Image, string First, string Second, double Margin)
{
    /// <summary>The least sure first. An image that cannot be read is left out.</summary>
    public static async Task<IReadOnlyList<UnsureImage>> RankAsync(
        TaskResClient client, string task, IReadOnlyList<string> files, int count, CancellationToken cancellationToken)
    {
        var images = new List<UnsureImage>();
        await foreach (var answer in client.Classification.ClassifyStreamAsync(task, ImageFiles.ReadAllAsync(files, cancellationToken), new ClassifyOptions { TopK = 2 }, cancellationToken))
        {
            var file = files[(int)answer.Sequence];
            if (answer.Response is { Predictions: [var first, var second, ..] })
                images.Add(new UnsureImage(file, first.ClassName, second.ClassName, first.Probability - second.Probability));
            else if (answer.Error is { } error && !ItemErrors.IsOfImage(error)) throw ItemErrors.Exception(error, file);
        }
        return [.. images.OrderBy(image => image.Margin).ThenBy(image => image.Image, StringComparer.Ordinal).Take(count)];
    }
}
