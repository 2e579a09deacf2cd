using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Wire;
using TaskRes.Trainer.Jobs;
using TaskRes.V1;

namespace TaskRes.Trainer.Examples;

/// <summary>From an example's image to the embeddings of its views.</summary>
internal sealed class ExampleEmbedding(IEmbedder embedder, Patience patience, IOptions<RequestLimits> limits)
{
    /// <param name="views">Augmented views beside the evaluation crop.</param>
    /// <returns>The example's own faults are its error.</returns>
    /// <exception cref="TaskResException">EncoderUnavailable, and what else ends the call.</exception>
    public async Task<EmbeddedExample> EmbedAsync(TenantName tenant, Example example, int views, ClassIndex classes, CancellationToken cancellationToken)
    {
        if (!TryParse(example, classes, out var image, out var classIndex, out var error)) return new EmbeddedExample(example.Sequence, null, error);
        EmbeddingInput[] inputs = [.. Enumerable.Range(0, views + 1).Select(image.WithView)];
        var batch = await patience.RunAsync(token => embedder.EmbedAsync(EmbeddingCaller.Bulk(tenant), inputs, token), cancellationToken);
        error = batch.Results.FirstOrDefault(result => result.Error is not null)?.Error;
        return error is null
            ? new EmbeddedExample(example.Sequence, new ExampleRecord(image.Digest, classIndex, [.. batch.Results.Select(result => result.Values)]), null)
            : new EmbeddedExample(example.Sequence, null, error);
    }

    private bool TryParse(Example example, ClassIndex classes, out ImageInput image, out int classIndex, out TaskResException? error)
    {
        (image, classIndex, error) = (null!, 0, null);
        try
        {
            classIndex = classes.Find(example.ClassName);
            image = WireImage.Parse(example.Image, view: 0, limits.Value, "image");
            return true;
        }
        catch (TaskResException exception)
        {
            error = exception;
            return false;
        }
    }
}
