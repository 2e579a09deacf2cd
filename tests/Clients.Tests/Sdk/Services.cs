using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Clients.Tests.Sdk;

internal sealed class Trainer : TrainerService.TrainerServiceBase
{
    public Func<GetTaskRequest, ServerCallContext, Task<GetTaskResponse>> Get { get; init; } = (_, _) => Task.FromResult(new GetTaskResponse());

    public Func<CreateTaskRequest, Task<CreateTaskResponse>> Create { get; init; } = _ => Task.FromResult(new CreateTaskResponse());

    public Func<ListTasksRequest, ListTasksResponse> List { get; init; } = _ => new();

    public Func<IServerStreamWriter<WatchJobResponse>, Task> Watch { get; init; } = _ => Task.CompletedTask;

    public Func<IAsyncStreamReader<AddExamplesRequest>, Task<AddExamplesResponse>> Add { get; init; } = _ => Task.FromResult(new AddExamplesResponse());

    public Func<RollbackTaskRequest, RollbackTaskResponse> Rollback { get; init; } = _ => new();

    public override Task<RollbackTaskResponse> RollbackTask(RollbackTaskRequest request, ServerCallContext context) => Task.FromResult(Rollback(request));

    public override Task<GetTaskResponse> GetTask(GetTaskRequest request, ServerCallContext context) => Get(request, context);

    public override Task<CreateTaskResponse> CreateTask(CreateTaskRequest request, ServerCallContext context) => Create(request);

    public override Task<ListTasksResponse> ListTasks(ListTasksRequest request, ServerCallContext context) => Task.FromResult(List(request));

    public override Task WatchJob(WatchJobRequest request, IServerStreamWriter<WatchJobResponse> responseStream, ServerCallContext context) =>
        Watch(responseStream);

    public override Task<AddExamplesResponse> AddExamples(IAsyncStreamReader<AddExamplesRequest> requestStream, ServerCallContext context) => Add(requestStream);
}

internal sealed class Tenants : TenantService.TenantServiceBase
{
    public required Func<RpcException> Refusal { get; init; }

    public override Task<CreateApiKeyResponse> CreateApiKey(CreateApiKeyRequest request, ServerCallContext context) => throw Refusal();

    public override Task<RotateApiKeyResponse> RotateApiKey(RotateApiKeyRequest request, ServerCallContext context) => throw Refusal();
}

internal sealed class Classifier : ClassifierService.ClassifierServiceBase
{
    public Func<ClassifyRequest, ClassifyResponse> Answer { get; init; } = _ => new();

    public Func<IAsyncStreamReader<ClassifyStreamRequest>, IServerStreamWriter<ClassifyStreamResponse>, Task> Stream { get; init; } =
        (_, _) => Task.CompletedTask;

    public override Task<ClassifyResponse> Classify(ClassifyRequest request, ServerCallContext context) => Task.FromResult(Answer(request));

    public override Task ClassifyStream(
        IAsyncStreamReader<ClassifyStreamRequest> requestStream, IServerStreamWriter<ClassifyStreamResponse> responseStream, ServerCallContext context) =>
        Stream(requestStream, responseStream);
}

internal static class Errors
{
    /// <summary>As of a server that will be ready in a moment.</summary>
    public static Google.Rpc.Status Loading { get; } = new()
    {
        Code = (int)Code.Unavailable,
        Message = "The model is still loading.",
        Details =
        {
            Any.Pack(new ErrorInfo { Reason = "ENCODER_UNAVAILABLE", Domain = "taskres" }),
            Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(10)) }),
        },
    };

    public static Google.Rpc.Status BytesRequired { get; } = new()
    {
        Code = (int)Code.NotFound,
        Message = "Send the bytes.",
        Details = { Any.Pack(new ErrorInfo { Reason = "IMAGE_BYTES_REQUIRED", Domain = "taskres" }) },
    };
}
