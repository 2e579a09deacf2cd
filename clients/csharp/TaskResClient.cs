using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using TaskRes.Client.Calls;
using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>
/// A connection to a suite of TaskRes services. Thread-safe, and meant to be kept: it holds one HTTP/2 connection. Every
/// method throws <see cref="TaskResClientException"/> where the server refuses or cannot be reached, and
/// <see cref="OperationCanceledException"/> where its token was cancelled.
/// </summary>
public sealed class TaskResClient : IDisposable
{
    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/> of the client's spans.</summary>
    public const string ActivitySourceName = "TaskRes.Client";

    private readonly GrpcChannel _channel;

    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public TaskResClient(TaskResClientOptions? options = null)
    {
        Options = options ?? new TaskResClientOptions();
        Options.Validate();
        _channel = ChannelFactory.Create(Options);

        var rpc = new RpcCaller(Options);
        var calls = _channel.Intercept(new TracingInterceptor());
        var trainer = new TrainerService.TrainerServiceClient(calls);
        Tasks = new TasksClient(rpc, trainer);
        Revisions = new RevisionsClient(rpc, trainer);
        Training = new TrainingClient(rpc, trainer);
        Classification = new ClassificationClient(rpc, new ClassifierService.ClassifierServiceClient(calls));
        Tenants = new TenantsClient(rpc, new TenantService.TenantServiceClient(calls));
        Encoding = new EncodingClient(rpc, new EncoderService.EncoderServiceClient(calls));
    }

    /// <summary>What the client was made with.</summary>
    public TaskResClientOptions Options { get; }

    /// <summary>Tasks: what a tenant wants to tell apart.</summary>
    public TasksClient Tasks { get; }

    /// <summary>The trained results of a task, and which of them is live.</summary>
    public RevisionsClient Revisions { get; }

    /// <summary>Examples, and the jobs that train on them.</summary>
    public TrainingClient Training { get; }

    /// <summary>Answers of a task's live revision.</summary>
    public ClassificationClient Classification { get; }

    /// <summary>Tenants, their API keys and their audit records.</summary>
    public TenantsClient Tenants { get; }

    /// <summary>Embeddings of the encoder that all tenants share.</summary>
    public EncodingClient Encoding { get; }

    /// <summary>Closes the connection; calls under way end as cancelled.</summary>
    public void Dispose() => _channel.Dispose();
}
