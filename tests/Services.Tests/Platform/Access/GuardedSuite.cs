using Grpc.Core;
using TaskRes.Classifier;
using TaskRes.Encoder;
using TaskRes.Encoder.Model;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;
using TaskRes.Trainer;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Platform.Access;

/// <summary>All services on one port and a real redis-server, with access required.</summary>
internal sealed class GuardedSuite : IAsyncDisposable
{
    public const string AdminKey = "the operator's key, long enough to be taken";
    public const string ServiceKey = "the services' key, long enough to be taken too";

    private GuardedSuite(RedisServer redis, RunningService service) => (Redis, Service) = (redis, service);

    public RedisServer Redis { get; }

    public RunningService Service { get; }

    public TenantService.TenantServiceClient Tenants => new(Service.Channel);

    public TrainerService.TrainerServiceClient Trainer => new(Service.Channel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<GuardedSuite> StartAsync(params (string Key, string Value)[] settings)
    {
        var redis = await RedisServer.StartAsync();
        IEnumerable<(string Key, string Value)> defaults =
        [
            ("Model:Path", TestModel.Path), ("Model:Precision", "fp32"), ("Model:Device", "cpu"),
            ("Redis:Cache", redis.ConnectionString), ("Redis:Registry", redis.ConnectionString), ("Redis:RegistryTimeout", "00:00:01"),
            ("Access:Mode", "Required"), ("Access:AdminKey", AdminKey), ("Access:ServiceKey", ServiceKey), ("Access:Freshness", "00:00:00"),
        ];
        var service = await RunningService.StartAsync(
            builder => builder.AddEncoder().AddTrainer().AddClassifier(),
            app => app.MapEncoder().MapTrainer().MapClassifier(),
            settings.Concat(defaults).DistinctBy(setting => setting.Key));
        await Eventually.HoldsAsync(() => Task.FromResult(service.Get<ModelThread>().Model is not null), "the model is loaded");
        return new GuardedSuite(redis, service);
    }

    public static CallOptions As(string key) => new(new Metadata { { "authorization", $"Bearer {key}" } }, cancellationToken: Cancel);

    /// <summary>A tenant with a key of all that a tenant's key can allow.</summary>
    public async Task<(string Tenant, string Key)> TenantAsync(string id)
    {
        await Tenants.CreateTenantAsync(new CreateTenantRequest { TenantId = id }, As(AdminKey));
        return ($"tenants/{id}", (await KeyAsync(id, Permission.Read, Permission.Classify, Permission.Train, Permission.Admin)).Secret);
    }

    public async Task<CreateApiKeyResponse> KeyAsync(string tenantId, params Permission[] permissions) =>
        await KeyAsync(tenantId, new ApiKey { Permissions = { permissions } });

    public async Task<CreateApiKeyResponse> KeyAsync(string tenantId, ApiKey key) =>
        await Tenants.CreateApiKeyAsync(new CreateApiKeyRequest { Parent = $"tenants/{tenantId}", ApiKey = key }, As(AdminKey));

    public async Task<string> TaskAsync(string tenant, string key, string id = "some")
    {
        var request = new CreateTaskRequest { Parent = tenant, TaskId = id, Task = new V1.Task { ClassNames = { "red", "green" } } };
        return (await Trainer.CreateTaskAsync(request, As(key))).Task.Name;
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Redis.Dispose();
    }
}
