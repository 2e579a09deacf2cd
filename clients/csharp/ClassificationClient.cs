using TaskRes.Client.Calls;
using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>
/// Classifies images with a task's live revision. All but small images are asked for by their SHA-256 first, and sent only where
/// the server does not know them.
/// </summary>
public sealed class ClassificationClient
{
    private readonly RpcCaller _rpc;
    private readonly ClassifierService.ClassifierServiceClient _classifier;

    internal ClassificationClient(RpcCaller rpc, ClassifierService.ClassifierServiceClient classifier)
    {
        _rpc = rpc;
        _classifier = classifier;
    }

    /// <summary>Classifies one image.</summary>
    /// <param name="task">The task's id or full name.</param>
    /// <param name="image">The encoded image: JPEG, PNG, WebP, GIF or BMP.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ClassifyResponse> ClassifyAsync(
        string task, ReadOnlyMemory<byte> image, ClassifyOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _rpc.UnaryAsync(_classifier.ClassifyAsync, Request(task, Images.First(image), options), cancellationToken).ConfigureAwait(false);
        }
        catch (TaskResClientException error) when (error.Reason == ErrorReason.ImageBytesRequired)
        {
            return await _rpc.UnaryAsync(_classifier.ClassifyAsync, Request(task, Images.Content(image), options), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Classifies images as they come. Answers, or an error of their own, come in any order; their sequence is the place
    /// of their image in <paramref name="images"/>.
    /// </summary>
    /// <param name="task">The task's id or full name.</param>
    /// <param name="images">Encoded images; read only as far as answers allow.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public IAsyncEnumerable<ClassifyStreamResponse> ClassifyStreamAsync(
        string task, IAsyncEnumerable<ReadOnlyMemory<byte>> images, ClassifyOptions? options = null, CancellationToken cancellationToken = default) =>
        new PipelinedStream<ReadOnlyMemory<byte>, ClassifyStreamRequest, ClassifyStreamResponse>(_rpc)
        {
            Sequence = response => response.Sequence,
            FirstMessage = (sequence, image) => new() { Sequence = sequence, Order = ReplyOrder.AsReady, Request = Request(task, Images.First(image), options) },
            FollowUp = (response, image) => Images.AreAskedFor(response.Error)
                ? new() { Sequence = response.Sequence, Request = Request(task, Images.Content(image), options) }
                : null,
        }.RunAsync(call => _classifier.ClassifyStream(call), images, cancellationToken);

    private ClassifyRequest Request(string task, Image image, ClassifyOptions? options) =>
        new() { Task = _rpc.TaskName(task), Image = image, TopK = options?.TopK ?? 0 };
}
