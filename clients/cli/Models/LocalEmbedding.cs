using System.Numerics.Tensors;
using TaskRes.Cli.Files;
using TaskRes.Cli.Output;
using TaskRes.Core;
using TaskRes.Core.Clip;

namespace TaskRes.Cli.Models;

/// <summary>An image file in one of its views: 0 is the evaluation crop, the others are training crops.</summary>
internal readonly record struct ImageView(string Path, int View);

/// <summary>Embeds files and texts in this process, a batch at a time.</summary>
internal static class LocalEmbedding
{
    private const int BatchSize = 32;
    private const int EvaluationView = 0;

    /// <returns>N rows of D.</returns>
    /// <exception cref="TaskResException">ImageUnreadable or ImageTooLarge, naming the file.</exception>
    public static Task<float[][]> ImagesAsync(
        ClipEncoder encoder, IReadOnlyList<string> paths, IProgress<Step> progress, CancellationToken cancellationToken) =>
        ViewsAsync(encoder, [.. paths.Select(path => new ImageView(path, EvaluationView))], progress, cancellationToken);

    /// <summary>Images, each in one of its views.</summary>
    /// <returns>N rows of D.</returns>
    /// <exception cref="TaskResException">ImageUnreadable or ImageTooLarge, naming the file.</exception>
    public static Task<float[][]> ViewsAsync(
        ClipEncoder encoder, IReadOnlyList<ImageView> views, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var size = encoder.Preprocessor.ElementCount;
        var pixels = new float[BatchSize * size]; // B×3×S×S
        return BatchesAsync(views, progress, cancellationToken, async batch =>
        {
            await Parallel.ForAsync(0, batch.Length, cancellationToken, async (i, cancel) =>
                Preprocess(encoder, batch[i], await ImageFiles.ReadAsync(batch[i].Path, cancel), pixels.AsSpan(i * size, size)));
            return encoder.EncodeImages(pixels.AsSpan(0, batch.Length * size), batch.Length);
        });
    }

    /// <returns>N rows of D.</returns>
    public static Task<float[][]> TextsAsync(
        ClipEncoder encoder, IReadOnlyList<string> texts, IProgress<Step> progress, CancellationToken cancellationToken) =>
        BatchesAsync(texts, progress, cancellationToken, batch =>
            Task.FromResult(encoder.EncodeTexts([.. batch.Select(text => encoder.Tokenizer.Encode(text, encoder.Info.ContextLength))])));

    /// <summary>Brings rows to length 1.</summary>
    public static void Normalize(float[][] rows)
    {
        foreach (var row in rows) TensorPrimitives.Divide(row, TensorPrimitives.Norm(row), row);
    }

    private static async Task<float[][]> BatchesAsync<T>(
        IReadOnlyList<T> items, IProgress<Step> progress, CancellationToken cancellationToken, Func<T[], Task<float[][]>> encode)
    {
        var rows = new List<float[]>(items.Count);
        foreach (var batch in items.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.AddRange(await encode(batch));
            progress.Report(new Step(rows.Count, items.Count));
        }

        return [.. rows];
    }

    private static void Preprocess(ClipEncoder encoder, ImageView view, ReadOnlyMemory<byte> image, Span<float> pixels)
    {
        try
        {
            encoder.Preprocessor.Preprocess(image, view.View, pixels);
        }
        catch (TaskResException error)
        {
            throw new TaskResException(error.Reason, $"{view.Path}: {error.Message}", error) { Field = view.Path, Metadata = error.Metadata };
        }
    }
}
