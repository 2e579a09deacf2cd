using TaskRes.Cli.Errors;
using TaskRes.Cli.Files;
using TaskRes.Cli.Output;
using TaskRes.Client;
using TaskRes.Core;
using TaskRes.V1;

namespace TaskRes.Cli.Models;

/// <summary>Embeds files and texts on a server, through one stream.</summary>
internal static class RemoteEmbedding
{
    public static Task<EmbeddedItems> ImagesAsync(
        TaskResClient client, IReadOnlyList<string> paths, EncodingOptions options, IProgress<Step> progress, CancellationToken cancellationToken) =>
        CollectAsync(client.Encoding.EncodeImageStreamAsync(ImageFiles.ReadAllAsync(paths, cancellationToken), options, cancellationToken), paths, progress);

    public static Task<EmbeddedItems> TextsAsync(
        TaskResClient client, IReadOnlyList<string> texts, EncodingOptions options, IProgress<Step> progress, CancellationToken cancellationToken) =>
        CollectAsync(client.Encoding.EncodeTextStreamAsync(texts.ToAsyncEnumerable(), options, cancellationToken), texts, progress);

    private static async Task<EmbeddedItems> CollectAsync(IAsyncEnumerable<EncodeStreamResponse> answers, IReadOnlyList<string> names, IProgress<Step> progress)
    {
        var (rows, faults, fingerprint, done) = (new float[]?[names.Count], new Dictionary<int, TaskResException>(), "", 0);
        await foreach (var answer in answers)
        {
            var place = (int)answer.Sequence;
            if (answer.Result.Error is { } error) faults[place] = ItemErrors.Exception(error, names[place]);
            else (rows[place], fingerprint) = (answer.Result.Embedding.ToFloats(), answer.EncoderFingerprint);
            progress.Report(new Step(++done, names.Count));
        }

        // What befell every item, and lies in none of them, is an error of the call.
        return faults.Count < names.Count ? new EmbeddedItems(rows, fingerprint, faults) : throw faults[0];
    }
}
