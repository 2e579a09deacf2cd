using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using TaskRes.Trials.Processes;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Benchmarks.Serving;

/// <summary>A redis-server and the servers that are measured, all on this machine, and a tenant with its key.</summary>
internal sealed class ServingProcesses : IAsyncDisposable
{
    private const string AdminKey = "the operator's key of the benchmarks";
    private const string ServiceKey = "the services' key of the benchmarks!";

    private readonly string _folder = Directory.CreateTempSubdirectory("taskres-benchmark-").FullName;
    private readonly List<IDisposable> _owned = [];
    private readonly int _redisPort = RestartableProcess.FreePort();

    /// <summary>Sent with the calls to all servers, those that ask for none included.</summary>
    public Metadata Headers { get; private set; } = [];

    /// <summary>The process that was started last.</summary>
    public int LastId { get; private set; }

    public async Task StartRedisAsync() => await StartAsync(new RestartableProcess(
        "Redis", _redisPort, webPort: 0, "redis-server", ["--bind", "127.0.0.1", "--port", $"{_redisPort}", "--dir", _folder, "--save", "", "--appendonly", "yes", "--maxmemory-policy", "noeviction"]));

    public async Task<GrpcChannel> EchoAsync()
    {
        var port = RestartableProcess.FreePort();
        return await StartAsync(ServingChild.Echo, port, [$"--Port={port}"]);
    }

    /// <summary>A server of the product, with access required and the quotas out of the way.</summary>
    public async Task<GrpcChannel> ProductAsync(string kind, params string[] settings)
    {
        var (port, webPort) = (RestartableProcess.FreePort(), RestartableProcess.FreePort());
        var channel = await StartAsync(kind, port,
        [
            $"--Endpoints:GrpcPort={port}", $"--Endpoints:WebPort={webPort}", $"--Redis:Cache=127.0.0.1:{_redisPort}", $"--Redis:Registry=127.0.0.1:{_redisPort}",
            $"--Access:AdminKey={AdminKey}", $"--Access:ServiceKey={ServiceKey}", "--Quotas:RequestsPerSecond=1000000", "--Quotas:Burst=1000000", .. settings,
        ]);
        if (Headers.Count == 0) await MakeTenantAsync(new TenantService.TenantServiceClient(channel));
        return channel;
    }

    /// <summary>A server of the product with an encoder, once it has loaded its model.</summary>
    public async Task<GrpcChannel> ReadyAsync(string kind, params string[] settings)
    {
        var channel = await ProductAsync(kind, settings);
        var health = new Health.HealthClient(channel);
        while ((await health.CheckAsync(new HealthCheckRequest())).Status != HealthCheckResponse.Types.ServingStatus.Serving) await Task.Delay(50);
        return channel;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) owned.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task MakeTenantAsync(TenantService.TenantServiceClient tenants)
    {
        var id = SyntheticTasks.Tenant.Tenant;
        await tenants.CreateTenantAsync(new CreateTenantRequest { TenantId = id }, Bearer(AdminKey));
        var request = new CreateApiKeyRequest { Parent = $"tenants/{id}", ApiKey = new ApiKey { Permissions = { Permission.Read, Permission.Classify, Permission.Train } } };
        Headers = Bearer((await tenants.CreateApiKeyAsync(request, Bearer(AdminKey))).Secret);
    }

    private async Task<GrpcChannel> StartAsync(string kind, int port, IEnumerable<string> settings)
    {
        await StartAsync(new RestartableProcess(kind, port, webPort: 0, Environment.ProcessPath!, ServingChild.Arguments(kind, settings)));
        var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        _owned.Add(channel);
        return channel;
    }

    private async Task StartAsync(RestartableProcess process)
    {
        _owned.Add(process);
        await process.StartAsync(CancellationToken.None);
        LastId = process.Id;
    }

    private static Metadata Bearer(string key) => new() { { "authorization", $"Bearer {key}" } };
}
