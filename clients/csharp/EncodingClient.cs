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

    /// <summary>
    /// Encodes a few images; each result is an embedding or an error of its own, in the same order. All but small images are
    /// asked for by digest first, and sent only where the server does not know them: the timings are then those of the second call.
    /// </summary>
    /// <param name="images">Encoded images, as many as <see cref="EncoderLimits.MaxBatchItems"/> allows.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<EncodeImagesResponse> EncodeImagesAsync(
        IEnumerable<ReadOnlyMemory<byte>> images, EncodingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ReadOnlyMemory<byte>[] contents = [.. images];
        var response = await EncodeAsync(contents.Select(Images.First), options, cancellationToken).ConfigureAwait(false);
        int[] lacking = [.. Enumerable.Range(0, response.Results.Count).Where(index => Images.AreAskedFor(response.Results[index].Error))];
        if (lacking.Length == 0) return response;

        var sent = await EncodeAsync(lacking.Select(index => Images.Content(contents[index])), options, cancellationToken).ConfigureAwait(false);
        // The embeddings of two models must not stand side by side.
        if (sent.EncoderFingerprint != response.EncoderFingerprint)
            return await EncodeAsync(contents.Select(Images.Content), options, cancellationToken).ConfigureAwait(false);
        foreach (var (index, result) in lacking.Zip(sent.Results)) response.Results[index] = result;
        response.Timings = sent.Timings;
        return response;
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
            FirstMessage = (sequence, image) => Request(sequence, options, request => request.Image = Images.First(image)),
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

    private Task<EncodeImagesResponse> EncodeAsync(IEnumerable<Image> images, EncodingOptions? options, CancellationToken cancellationToken)
    {
        options ??= new EncodingOptions();
        var request = new EncodeImagesRequest
        {
            Tenant = _rpc.Options.TenantName,
            View = options.View,
            Priority = options.Priority,
            Format = options.Format,
            Images = { images },
        };
        return _rpc.UnaryAsync(_encoder.EncodeImagesAsync, request, cancellationToken);
    }

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
