using TaskRes.Client.Calls;
using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>Embeddings of images and texts. They are raw: normalise them before taking cosines.</summary>
public sealed class EncodingClient
{
    private readonly RpcCaller _rpc;
    private readonly EncoderService.EncoderServiceClient _encoder;

    internal EncodingClient(RpcCaller rpc, EncoderService.EncoderServiceClient encoder)
    {
        _rpc = rpc;
        _encoder = encoder;
    }

    /// <summary>The model in use and the server's limits.</summary>
    public Task<GetModelResponse> GetModelAsync(CancellationToken cancellationToken = default) =>
        _rpc.UnaryAsync(_encoder.GetModelAsync, new GetModelRequest(), cancellationToken);

    /// <summary>Encodes a few images in one call; each result is an embedding or an error of its own, in the same order.</summary>
    /// <param name="images">Encoded images, as many as <see cref="EncoderLimits.MaxBatchItems"/> allows.</param>
    /// <param name="view">0 is the evaluation crop, n ≥ 1 the n-th random crop, the same for the same image always.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<EncodeImagesResponse> EncodeImagesAsync(
        IEnumerable<ReadOnlyMemory<byte>> images, int view = 0, CancellationToken cancellationToken = default)
    {
        var request = new EncodeImagesRequest { Tenant = _rpc.Options.TenantName, View = view, Images = { images.Select(Images.Content) } };
        return _rpc.UnaryAsync(_encoder.EncodeImagesAsync, request, cancellationToken);
    }

    /// <summary>Encodes a few texts in one call; each result is an embedding or an error of its own, in the same order.</summary>
    public Task<EncodeTextsResponse> EncodeTextsAsync(IEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        var request = new EncodeTextsRequest { Tenant = _rpc.Options.TenantName, Texts = { texts } };
        return _rpc.UnaryAsync(_encoder.EncodeTextsAsync, request, cancellationToken);
    }

    /// <summary>
    /// Encodes images as they come, asked for by digest first. Results come in any order; their sequence is the place of
    /// their image in <paramref name="images"/>.
    /// </summary>
    public IAsyncEnumerable<EncodeStreamResponse> EncodeImageStreamAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> images, int view = 0, CancellationToken cancellationToken = default) =>
        new PipelinedStream<ReadOnlyMemory<byte>, EncodeStreamRequest, EncodeStreamResponse>(_rpc)
        {
            Sequence = response => response.Sequence,
            FirstMessage = (sequence, image) => Request(sequence, Images.Digest(image), view),
            FollowUp = (response, image) => Images.AreAskedFor(response.Result?.Error)
                ? Request(response.Sequence, Images.Content(image), view)
                : null,
        }.RunAsync(options => _encoder.EncodeStream(options), images, cancellationToken);

    /// <summary>Encodes texts as they come; results in any order, their sequence being the place of their text in <paramref name="texts"/>.</summary>
    public IAsyncEnumerable<EncodeStreamResponse> EncodeTextStreamAsync(
        IAsyncEnumerable<string> texts, CancellationToken cancellationToken = default) =>
        new PipelinedStream<string, EncodeStreamRequest, EncodeStreamResponse>(_rpc)
        {
            Sequence = response => response.Sequence,
            FirstMessage = (sequence, text) => new() { Tenant = _rpc.Options.TenantName, Sequence = sequence, Text = text },
            FollowUp = (_, _) => null,
        }.RunAsync(options => _encoder.EncodeStream(options), texts, cancellationToken);

    private EncodeStreamRequest Request(long sequence, Image image, int view) =>
        new() { Tenant = _rpc.Options.TenantName, Sequence = sequence, Image = image, View = view };
}
