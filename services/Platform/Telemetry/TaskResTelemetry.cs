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

/// <summary>Dashboards and alerts know these names: services/observability/METRICS.md lists them, and a test holds it to what is here.</summary>
public static class MetricNames
{
    public const string RpcDuration = "taskres.rpc.duration";
    public const string RpcStageDuration = "taskres.rpc.stage.duration";
    public const string Embeddings = "taskres.embeddings";
    public const string RedisDuration = "taskres.redis.duration";
    public const string RegistryMemory = "taskres.registry.memory";
    public const string RegistryMemoryLimit = "taskres.registry.memory.limit";
    public const string RegistryWritable = "taskres.registry.writable";
    public const string StorageFree = "taskres.storage.free";
    public const string StorageSize = "taskres.storage.size";
    public const string TorchTensors = "taskres.torch.tensors";
    public const string QuotaRefusals = "taskres.quota.refusals";
    public const string DependencyReady = "taskres.dependency.ready";
    public const string EncoderBatchSize = "taskres.encoder.batch.size";
    public const string EncoderEncodeDuration = "taskres.encoder.encode.duration";
    public const string EncoderQueueLength = "taskres.encoder.queue.length";
    public const string EncoderQueueCapacity = "taskres.encoder.queue.capacity";
    public const string EncoderTime = "taskres.encoder.time";
    public const string TrainerJobDuration = "taskres.trainer.job.duration";
    public const string TrainerJobWait = "taskres.trainer.job.wait";
    public const string TrainerQueueLength = "taskres.trainer.queue.length";
    public const string TrainerLeasesExpired = "taskres.trainer.leases.expired";
    public const string TrainerExamples = "taskres.trainer.examples";
    public const string Classifications = "taskres.classifier.classifications";
    public const string Shadows = "taskres.classifier.shadows";
    public const string ResidentTasks = "taskres.classifier.resident.tasks";
    public const string ResidentBytes = "taskres.classifier.resident.memory";
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
    public const string Server = "server.address";
    public const string Kind = "taskres.kind";
    public const string JobState = "taskres.job.state";
    public const string ExampleOutcome = "taskres.example.outcome";
    public const string ServedBy = "taskres.served_by";
    public const string ShadowAgrees = "taskres.shadow.agrees";
    public const string Operation = "db.operation.name";
    public const string ErrorType = "error.type";
}
