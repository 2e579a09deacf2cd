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
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<EncodeImagesResponse> EncodeImagesAsync(
        IEnumerable<ReadOnlyMemory<byte>> images, EncodingOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EncodingOptions();
        var request = new EncodeImagesRequest
        {
            Tenant = _rpc.Options.TenantName,
            View = options.View,
            Priority = options.Priority,
            Format = options.Format,
            Images = { images.Select(Images.Content) },
        };
        return _rpc.UnaryAsync(_encoder.EncodeImagesAsync, request, cancellationToken);
    }

    /// <summary>Encodes a few texts in one call; each result is an embedding or an error of its own, in the same order.</summary>
    public Task<EncodeTextsResponse> EncodeTextsAsync(IEnumerable<string> texts, EncodingOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EncodingOptions();
        var request = new EncodeTextsRequest { Tenant = _rpc.Options.TenantName, Priority = options.Priority, Format = options.Format, Texts = { texts } };
        return _rpc.UnaryAsync(_encoder.EncodeTextsAsync, request, cancellationToken);
    }

    /// <summary>
    /// Encodes images as they come, asked for by digest first. Results come in any order; their sequence is the place of
    /// their image in <paramref name="images"/>.
    /// </summary>
    public IAsyncEnumerable<EncodeStreamResponse> EncodeImageStreamAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> images, EncodingOptions? options = null, CancellationToken cancellationToken = default) =>
        new PipelinedStream<ReadOnlyMemory<byte>, EncodeStreamRequest, EncodeStreamResponse>(_rpc)
        {
            Sequence = response => response.Sequence,
            FirstMessage = (sequence, image) => Request(sequence, options, request => request.Image = Images.Digest(image)),
            FollowUp = (response, image) => Images.AreAskedFor(response.Result?.Error)
                ? Request(response.Sequence, options, request => request.Image = Images.Content(image))
                : null,
        }.RunAsync(call => _encoder.EncodeStream(call), images, cancellationToken);

    /// <summary>Encodes texts as they come; results in any order, their sequence being the place of their text in <paramref name="texts"/>.</summary>
    public IAsyncEnumerable<EncodeStreamResponse> EncodeTextStreamAsync(
        IAsyncEnumerable<string> texts, EncodingOptions? options = null, CancellationToken cancellationToken = default) =>
        new PipelinedStream<string, EncodeStreamRequest, EncodeStreamResponse>(_rpc)
        {
            Sequence = response => response.Sequence,
            FirstMessage = (sequence, text) => Request(sequence, options, request => request.Text = text),
            FollowUp = (_, _) => null,
        }.RunAsync(call => _encoder.EncodeStream(call), texts, cancellationToken);

    private EncodeStreamRequest Request(long sequence, EncodingOptions? options, Action<EncodeStreamRequest> fill)
    {
        options ??= new EncodingOptions();
        var request = new EncodeStreamRequest
        {
            Tenant = _rpc.Options.TenantName,
            Sequence = sequence,
            View = options.View,
            Priority = options.Priority,
            Format = options.Format,
            Order = ReplyOrder.AsReady,
        };
        fill(request);
        return request;
    }
}
