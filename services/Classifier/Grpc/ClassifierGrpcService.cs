using Grpc.Core;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Streaming;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Classifier.Grpc;

/// <summary>The Classifier's RPCs.</summary>
internal sealed class ClassifierGrpcService(ClassifyCall call, ItemStream stream, IOptions<ClassifierOptions> options) : ClassifierService.ClassifierServiceBase
{
    public override Task<ClassifyResponse> Classify(ClassifyRequest request, ServerCallContext context) =>
        call.RunAsync(nameof(Classify), request, context.Deadline, context.CancellationToken);

    public override Task ClassifyStream(
        IAsyncStreamReader<ClassifyStreamRequest> requestStream, IServerStreamWriter<ClassifyStreamResponse> responseStream, ServerCallContext context)
    {
        var items = new StreamItems<ClassifyStreamRequest, ClassifyStreamResponse>(
            options.Value.MaxStreamItems,
            (item, cancellationToken) => ClassifyAsync(item, context, cancellationToken),
            (item, error) => new ClassifyStreamResponse { Sequence = item.Sequence, Error = error },
            first => first.Order == ReplyOrder.AsReady);
        return stream.RunAsync(requestStream, responseStream, items, context.CancellationToken);
    }

    private async Task<ClassifyStreamResponse> ClassifyAsync(ClassifyStreamRequest item, ServerCallContext context, CancellationToken cancellationToken)
    {
        await CallAccess.Of(context).RequireAsync(item, cancellationToken);
        if (item.Request is null) throw TaskResException.Invalid("request", "it is missing.");
        return new ClassifyStreamResponse { Sequence = item.Sequence, Response = await call.RunAsync(nameof(ClassifyStream), item.Request, context.Deadline, cancellationToken) };
    }
}
