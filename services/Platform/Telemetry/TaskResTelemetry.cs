using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TaskRes.Platform.Telemetry;

/// <summary>The one ActivitySource and the one Meter of the product, with the names of what they carry.</summary>
public static class TaskResTelemetry
{
    public const string Name = "TaskRes";

    public static ActivitySource Activities { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);
}

public static class MetricNames
{
    public const string RpcDuration = "taskres.rpc.duration";
    public const string RpcStageDuration = "taskres.rpc.stage.duration";
    public const string Embeddings = "taskres.embeddings";
    public const string RedisDuration = "taskres.redis.duration";
    public const string TorchTensors = "taskres.torch.tensors";
    public const string QuotaRefusals = "taskres.quota.refusals";
    public const string DependencyReady = "taskres.dependency.ready";
}

public static class TagNames
{
    public const string Method = "rpc.method";
    public const string StatusCode = "rpc.grpc.status_code";
    public const string Stage = "taskres.stage";
    public const string Tenant = "taskres.tenant";
    public const string Tier = "taskres.tier";
    public const string Quota = "taskres.quota";
    public const string Dependency = "taskres.dependency";
    public const string RedisRole = "taskres.redis.role";
    public const string Operation = "db.operation.name";
    public const string ErrorType = "error.type";
}
