using TaskRes.AllInOne;
using TaskRes.Client;

namespace TaskRes.Trials.Processes;

/// <summary>A redis-server, an encoder, a trainer and a classifier, each a process of its own on a port that it keeps.</summary>
internal sealed class SeparateServices : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("taskres-trial-").FullName;

    /// <param name="settings">For all services.</param>
    public SeparateServices(params string[] settings)
    {
        var port = RestartableProcess.FreePort();
        Redis = new RestartableProcess("redis", port, "redis-server",
            ["--bind", "127.0.0.1", "--port", $"{port}", "--dir", _folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"]);
        string[] common =
        [
            $"--Redis:Cache=127.0.0.1:{port}", $"--Redis:Registry=127.0.0.1:{port}", "--Redis:RegistryTimeout=00:00:02", "--Endpoints:WebPort=0",
            "--Logging:LogLevel:Default=Error", .. settings,
        ];
        Encoder = Service("Encoder", [.. common, $"--Model:Path={BundledFiles.ModelFolder}", "--Model:Device=cpu", "--Model:Precision=fp32"]);
        string[] encoded = [.. common, $"--RemoteEncoder:Address=http://127.0.0.1:{Encoder.Port}"];
        Trainer = Service("Trainer", [.. encoded, "--Trainer:Lease=00:00:02", "--Trainer:Heartbeat=00:00:00.5", "--Trainer:PollInterval=00:00:00.2"]);
        // Fewer heads than tasks: they are evicted and loaded again all the time.
        Classifier = Service("Classifier", [.. encoded, "--Classifier:MaxHeads=32", "--Classifier:RecheckSeconds=1"]);
    }

    public RestartableProcess Redis { get; }

    public RestartableProcess Encoder { get; }

    public RestartableProcess Trainer { get; }

    public RestartableProcess Classifier { get; }

    public IReadOnlyList<RestartableProcess> All => [Redis, Encoder, Trainer, Classifier];

    /// <summary>Returns when the encoder has loaded its model.</summary>
    public async Task StartAsync(string? key, CancellationToken cancellationToken)
    {
        await Task.WhenAll(All.Select(process => process.StartAsync(cancellationToken)));
        using var client = Client(Encoder, "tenants/none", key);
        await Outages.OutlastAsync(() => client.Encoding.GetModelAsync(cancellationToken), cancellationToken);
    }

    public static TaskResClient Client(RestartableProcess service, string tenant, string? key = null) => new(new TaskResClientOptions
    {
        Address = new Uri($"http://127.0.0.1:{service.Port}"),
        TenantName = tenant,
        ApiKey = key,
        Timeout = TimeSpan.FromSeconds(20),
    });

    public void Dispose()
    {
        foreach (var process in All) process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static RestartableProcess Service(string name, IReadOnlyList<string> settings)
    {
        var port = RestartableProcess.FreePort();
        return new RestartableProcess(name, port, "dotnet", [Path.Combine(AppContext.BaseDirectory, $"TaskRes.{name}.dll"), $"--Endpoints:GrpcPort={port}", .. settings]);
    }
}
