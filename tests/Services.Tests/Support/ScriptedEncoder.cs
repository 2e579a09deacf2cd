using Grpc.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Errors;
using TaskRes.Platform.Resources;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Support;

/// <summary>An Encoder service on the wire, without a model: it answers from a <see cref="CountingEmbedder"/>, or as the test says.</summary>
internal sealed class ScriptedEncoder : EncoderService.EncoderServiceBase
{
    private int _calls;

    public CountingEmbedder Embedder { get; } = new();

    /// <summary>Runs before each call is answered.</summary>
    public Func<ServerCallContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    public int Calls => Volatile.Read(ref _calls);

    public override async Task<GetModelResponse> GetModel(GetModelRequest request, ServerCallContext context)
    {
        await Before(context);
        var model = Embedder.Model;
        return new GetModelResponse { Model = new Model { Name = model.Name, Fingerprint = model.Fingerprint, EmbeddingDimension = model.EmbeddingDimension, Precision = model.Precision } };
    }

    public override async Task<EncodeImagesResponse> EncodeImages(EncodeImagesRequest request, ServerCallContext context)
    {
        var inputs = request.Images.Select(image => image.SourceCase == Image.SourceOneofCase.Content
            ? ImageInput.FromContent(image.Content.Memory, request.View)
            : ImageInput.FromDigest(Sha256Digest.FromBytes(image.Sha256.Span), request.View));
        return new EncodeImagesResponse { Results = { await EncodeAsync(request.Tenant, inputs, context) }, EncoderFingerprint = Embedder.Model.Fingerprint };
    }

    public override async Task<EncodeTextsResponse> EncodeTexts(EncodeTextsRequest request, ServerCallContext context) => new()
    {
        Results = { await EncodeAsync(request.Tenant, request.Texts.Select(text => new TextInput(text)), context) },
        EncoderFingerprint = Embedder.Model.Fingerprint,
    };

    public override async Task EncodeStream(IAsyncStreamReader<EncodeStreamRequest> requestStream, IServerStreamWriter<EncodeStreamResponse> responseStream, ServerCallContext context) =>
        await Before(context);

    private async Task<IEnumerable<EncodeResult>> EncodeAsync(string tenant, IEnumerable<EmbeddingInput> inputs, ServerCallContext context)
    {
        Interlocked.Increment(ref _calls);
        await Before(context);
        var batch = await Embedder.EmbedAsync(TenantName.Parse(tenant, "tenant"), [.. inputs], context.CancellationToken);
        return batch.Results.Select(result => result.Error is { } error
            ? new EncodeResult { Error = ItemErrors.From(error) }
            : new EncodeResult { Embedding = new Embedding { Values = { result.Values } }, Tier = CacheTier.Encoder });
    }
}
