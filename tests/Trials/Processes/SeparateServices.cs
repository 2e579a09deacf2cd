using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using TaskRes.AllInOne;
using TaskRes.Client;
using TaskRes.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trials.Processes;

/// <summary>Redis, encoders, trainers and classifiers, each a process of its own on ports that it keeps.</summary>
internal sealed class SeparateServices : IDisposable
{
    /// <summary>The operator's, where access is required.</summary>
    public const string AdminKey = "the operator's key, long enough to be taken";

    /// <summary>The services', where access is required.</summary>
    public const string ServiceKey = "the services' key, long enough to be taken too";

    private readonly RedisServers _redis;
    private readonly string? _adminKey;

    /// <summary>One process of each service, and access off.</summary>
    /// <param name="settings">For all services.</param>
    public SeparateServices(params string[] settings)
        : this(replicas: 1, settings)
    {
    }

    /// <summary>Access is off.</summary>
    /// <param name="replicas">Of each service.</param>
    /// <param name="settings">For all services.</param>
    public SeparateServices(int replicas, params string[] settings)
        : this(RedisServers.One(), replicas, null, ["--Access:Mode=Off", .. settings])
    {
    }

    private SeparateServices(RedisServers redis, int replicas, string? adminKey, IReadOnlyList<string> settings)
    {
        (_redis, _adminKey) = (redis, adminKey);
        string[] common =
        [
            $"--Redis:Cache={redis.ConnectionString}", $"--Redis:Registry={redis.ConnectionString}", "--Redis:RegistryTimeout=00:00:02",
            "--Logging:LogLevel:Default=Error", .. settings,
        ];
        Encoders = Replicas("Encoder", replicas, [.. common, $"--Model:Path={BundledFiles.ModelFolder}", "--Model:Device=cpu", "--Model:Precision=fp32"]);
        string[] encoded = [.. common, $"--RemoteEncoder:Address={AddressOf(Encoders)}"];
        Trainers = Replicas("Trainer", replicas, [.. encoded, "--Trainer:Lease=00:00:02", "--Trainer:Heartbeat=00:00:00.5", "--Trainer:PollInterval=00:00:00.2"]);
        // Of the settings the last one counts: a trial may have fewer heads in memory.
        Classifiers = Replicas("Classifier", replicas, ["--Classifier:MaxTasks=32", "--Classifier:RecheckSeconds=1", .. encoded]);
    }

    public RestartableProcess Redis => _redis.All[0];

    public IReadOnlyList<RestartableProcess> Encoders { get; }

    public IReadOnlyList<RestartableProcess> Trainers { get; }

    public IReadOnlyList<RestartableProcess> Classifiers { get; }

    public RestartableProcess Encoder => Encoders[0];

    public RestartableProcess Trainer => Trainers[0];

    public RestartableProcess Classifier => Classifiers[0];

    /// <summary>Redis first.</summary>
    public IReadOnlyList<RestartableProcess> All => [.. _redis.All, .. Services];

    private IEnumerable<RestartableProcess> Services => [.. Encoders, .. Trainers, .. Classifiers];

    /// <summary>One process of each service, and access required.</summary>
    public static SeparateServices Guarded(params string[] settings) =>
        new(RedisServers.One(), replicas: 1, AdminKey, [$"--Access:AdminKey={AdminKey}", $"--Access:ServiceKey={ServiceKey}", .. settings]);

    /// <summary>One process of each service on a Redis Cluster, and access off.</summary>
    public static SeparateServices OnCluster(RedisServers cluster, params string[] settings) => new(cluster, replicas: 1, null, ["--Access:Mode=Off", .. settings]);

    /// <summary>Returns when every service is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _redis.StartAsync(cancellationToken);
        await Task.WhenAll(Services.Select(process => process.StartAsync(cancellationToken)));
        foreach (var encoder in Encoders)
        {
            using var client = Client(encoder, "tenants/none", _adminKey);
            await Outages.OutlastAsync(() => client.Encoding.GetModelAsync(cancellationToken), cancellationToken);
        }

        foreach (var service in Services) await ServeAsync(service, cancellationToken);
    }

    /// <summary>Makes a tenant, where access is required: its key of all that a tenant's key can allow.</summary>
    public async Task<string> TenantAsync(string id, CancellationToken cancellationToken)
    {
        using var admin = Client(Trainer, $"tenants/{id}", _adminKey);
        await admin.Tenants.CreateAsync(id, cancellationToken: cancellationToken);
        var key = new ApiKey { Permissions = { Permission.Read, Permission.Classify, Permission.Train, Permission.Admin } };
        return (await admin.Tenants.CreateKeyAsync($"tenants/{id}", key, cancellationToken)).Secret;
    }

    /// <summary>Returns when the service says that it serves.</summary>
    public static async Task ServeAsync(RestartableProcess service, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{service.Port}");
        var health = new Health.HealthClient(channel);
        while (await StatusAsync(health, cancellationToken) != ServingStatus.Serving) await Task.Delay(50, cancellationToken);
    }

    public static TaskResClient Client(RestartableProcess service, string tenant, string? key = null) => Client([service], tenant, key);

    /// <summary>A client that spreads its calls over replicas, with the SDK's own retries.</summary>
    /// <param name="waits">Whether a call waits for a replica to be reached rather than fail.</param>
    public static TaskResClient Client(IReadOnlyList<RestartableProcess> replicas, string tenant, string? key = null, bool waits = false) => new(new TaskResClientOptions
    {
        WaitForReady = waits,
        Address = new Uri(AddressOf(replicas)),
        TenantName = tenant,
        ApiKey = key,
        Timeout = TimeSpan.FromSeconds(waits ? 60 : 20),
    });

    public void Dispose()
    {
        foreach (var process in Services) process.Dispose();
        _redis.Dispose();
    }

    private static async Task<ServingStatus> StatusAsync(Health.HealthClient health, CancellationToken cancellationToken)
    {
        try
        {
            return (await health.CheckAsync(new HealthCheckRequest(), cancellationToken: cancellationToken)).Status;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable)
        {
            return ServingStatus.NotServing;
        }
    }

    private static string AddressOf(IReadOnlyList<RestartableProcess> replicas) => $"static:///{string.Join(',', replicas.Select(replica => $"127.0.0.1:{replica.Port}"))}";

    private static IReadOnlyList<RestartableProcess> Replicas(string name, int count, IReadOnlyList<string> settings) =>
        [.. Enumerable.Range(1, count).Select(number => Service(name, count == 1 ? name : $"{name}-{number}", settings))];

    private static RestartableProcess Service(string assembly, string name, IReadOnlyList<string> settings)
    {
        var (port, webPort) = (RestartableProcess.FreePort(), RestartableProcess.FreePort());
        return new RestartableProcess(name, port, webPort, "dotnet",
            [Path.Combine(AppContext.BaseDirectory, $"TaskRes.{assembly}.dll"), $"--Endpoints:GrpcPort={port}", $"--Endpoints:WebPort={webPort}", .. settings]);
    }
}
