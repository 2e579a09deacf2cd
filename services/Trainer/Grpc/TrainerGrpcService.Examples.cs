using Grpc.Core;
using TaskRes.V1;

namespace TaskRes.Trainer.Grpc;

internal sealed partial class TrainerGrpcService
{
    public override Task<AddExamplesResponse> AddExamples(IAsyncStreamReader<AddExamplesRequest> requestStream, ServerCallContext context) =>
        intake.RunAsync(requestStream, context.CancellationToken);
}
