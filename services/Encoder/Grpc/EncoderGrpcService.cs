using Grpc.Core;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Streaming;
using TaskRes.Platform.Wire;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Encoder.Grpc;

/// <summary>The Encoder's RPCs, over the caches and the encoder behind them.</summary>
internal sealed class EncoderGrpcService(
    EncodeCall call, LocalEmbedder local, IOptions<RequestLimits> requestLimits, IOptions<EncoderOptions> options, ItemStream stream)
    : EncoderService.EncoderServiceBase
{
    private readonly RequestLimits _limits = requestLimits.Value;

    public override Task<GetModelResponse> GetModel(GetModelRequest request, ServerCallContext context)
    {
        var model = local.Loaded();
        return Task.FromResult(new GetModelResponse
        {
            Model = WireModel.From(model.Description),
            Limits = new EncoderLimits
            {
                MaxBatchItems = _limits.MaxBatchItems,
                MaxImageBytes = _limits.MaxImageBytes,
                MaxImagePixels = model.Limits.MaxPixels,
                MaxImageAspectRatio = (int)model.Limits.MaxAspectRatio,
                MaxTextCharacters = _limits.MaxTextCharacters,
                MaxQueuedItems = options.Value.QueueCapacity,
                MaxStreamItems = options.Value.MaxStreamItems,
            },
        });
    }

    public override async Task<EncodeImagesResponse> EncodeImages(EncodeImagesRequest request, ServerCallContext context)
    {
        var caller = Caller(request.Tenant, request.Priority, EmbeddingPriority.Interactive, context);
        var format = WireEmbedding.Parse(request.Format);
        CheckCount(request.Images.Count, "images");
        ParsedInput[] items = [.. request.Images.Select((image, i) => Parse(image, request.View, $"images[{i}]"))];
        var reply = await call.RunAsync(nameof(EncodeImages), caller, format, items, context.CancellationToken);
        return new EncodeImagesResponse { Results = { reply.Results }, EncoderFingerprint = reply.Fingerprint, Timings = reply.Timings };
    }

    public override async Task<EncodeTextsResponse> EncodeTexts(EncodeTextsRequest request, ServerCallContext context)
    {
        var caller = Caller(request.Tenant, request.Priority, EmbeddingPriority.Interactive, context);
        var format = WireEmbedding.Parse(request.Format);
        CheckCount(request.Texts.Count, "texts");
        ParsedInput[] items = [.. request.Texts.Select((text, i) => Parse(text, $"texts[{i}]"))];
        var reply = await call.RunAsync(nameof(EncodeTexts), caller, format, items, context.CancellationToken);
        return new EncodeTextsResponse { Results = { reply.Results }, EncoderFingerprint = reply.Fingerprint, Timings = reply.Timings };
    }

    public override Task EncodeStream(IAsyncStreamReader<EncodeStreamRequest> requestStream, IServerStreamWriter<EncodeStreamResponse> responseStream, ServerCallContext context)
    {
        string? tenant = null;
        var items = new StreamItems<EncodeStreamRequest, EncodeStreamResponse>(
            options.Value.MaxStreamItems,
            (request, cancellationToken) => EncodeAsync(request, tenant ??= request.Tenant, context, cancellationToken),
            (request, error) => new EncodeStreamResponse { Sequence = request.Sequence, Result = new EncodeResult { Error = error } },
            first => first.Order == ReplyOrder.AsReady);
        return stream.RunAsync(requestStream, responseStream, items, context.CancellationToken);
    }

    private async Task<EncodeStreamResponse> EncodeAsync(EncodeStreamRequest request, string tenant, ServerCallContext context, CancellationToken cancellationToken)
    {
        await CallAccess.Of(context).RequireAsync(request, cancellationToken);
        if (request.Tenant != tenant) throw TaskResException.Invalid("tenant", $"\"{request.Tenant}\" is not the tenant that this stream began with: open a stream for each.");
        var item = request.InputCase switch
        {
            EncodeStreamRequest.InputOneofCase.Image => Parse(request.Image, request.View, "image"),
            EncodeStreamRequest.InputOneofCase.Text => Parse(request.Text, "text"),
            _ => throw TaskResException.Invalid("input", "the message has neither image nor text."),
        };
        var caller = Caller(tenant, request.Priority, EmbeddingPriority.Bulk, context);
        var reply = await call.RunAsync(nameof(EncodeStream), caller, WireEmbedding.Parse(request.Format), [item], cancellationToken);
        return new EncodeStreamResponse { Sequence = request.Sequence, Result = reply.Results[0], EncoderFingerprint = reply.Fingerprint, Timings = reply.Timings };
    }

    private static EmbeddingCaller Caller(string tenant, Priority priority, EmbeddingPriority unspecified, ServerCallContext context) =>
        new(TenantName.Parse(tenant, "tenant"), WirePriority.Parse(priority, unspecified), context.Deadline) { IsRelayed = CallAccess.Of(context).IsRelayed };

    private ParsedInput Parse(Image image, int view, string field) => ParsedInput.Of(() => WireImage.Parse(image, view, _limits, field));

    private ParsedInput Parse(string text, string field) => ParsedInput.Of(() => text.Length <= _limits.MaxTextCharacters
        ? new TextInput(text)
        : throw TaskResException.OverLimit(field, text.Length, _limits.MaxTextCharacters, "characters"));

    private void CheckCount(int count, string field)
    {
        if (count == 0) throw TaskResException.Invalid(field, "it is empty; send at least one.");
        if (count > _limits.MaxBatchItems) throw TaskResException.OverLimit(field, count, _limits.MaxBatchItems, "items");
    }
}
