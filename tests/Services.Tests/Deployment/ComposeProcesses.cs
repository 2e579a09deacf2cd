using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using TaskRes.Services.Tests.Support;
using TaskRes.Tests;
using YamlDotNet.RepresentationModel;

namespace TaskRes.Services.Tests.Deployment;

/// <summary>
/// The services and servers of compose.yaml as processes on loopback: the environment, the commands and the health checks are the
/// file's, with names of hosts, ports and folders put in the place of the containers'.
/// </summary>
internal sealed partial class ComposeProcesses : IDisposable
{
    private const string RedisPort = "6379";
    private const string GrpcPort = "5100";
    private const string WebPort = "5101";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly ComposeFile _compose = new();
    private readonly SecretsFolder _secrets;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-compose-");
    private readonly Dictionary<string, int> _ports = [];
    private readonly List<Process> _processes = [];

    private ComposeProcesses(SecretsFolder secrets) => _secrets = secrets;

    public string AdminKey => _secrets.Read("taskres-admin-key");

    public static async Task<ComposeProcesses> StartAsync()
    {
        var compose = new ComposeProcesses(await SecretsFolder.MakeAsync());
        try
        {
            foreach (var server in new[] { "redis-cache", "redis-registry" }) await compose.StartServerAsync(server);
            foreach (var service in new[] { "encoder", "trainer", "classifier" })
                for (var replica = 1; replica <= compose.Replicas(service); replica++) await compose.StartServiceAsync(service, replica);
            return compose;
        }
        catch
        {
            compose.Dispose();
            throw;
        }
    }

    public int Replicas(string service) => _compose.Service(service).Find("scale") is YamlScalarNode scale ? int.Parse(scale.Value!, CultureInfo.InvariantCulture) : 1;

    /// <summary>Of all replicas.</summary>
    public Uri Grpc(string service) => new($"static:///{string.Join(',', Enumerable.Range(1, Replicas(service)).Select(replica => $"127.0.0.1:{Port($"{service}-{replica}")}"))}");

    public int Port(string name)
    {
        if (!_ports.TryGetValue(name, out var port)) _ports[name] = port = RedisServer.FreePort();
        return port;
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _secrets.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task StartServerAsync(string name)
    {
        Need.Program("redis-server");
        var data = _folder.CreateSubdirectory(name).FullName;
        string[] command = [.. _compose.Service(name).Texts("command").Select(argument =>
            DataFolder().Replace(_secrets.Rewrite(argument).Replace($"--port {RedisPort}", $"--bind 127.0.0.1 --port {Port(name)}", StringComparison.Ordinal), $"--dir {data}"))];
        Start(new ProcessStartInfo(command[0], command[1..]));
        await HealthyAsync(name, check => check.Replace($"-p {RedisPort}", $"-p {Port(name)}", StringComparison.Ordinal));
    }

    private async Task StartServiceAsync(string service, int replica)
    {
        var (grpc, web) = (Port($"{service}-{replica}"), Port($"{service}-{replica}-web"));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"TaskRes.{_compose.Service(service).Text("build.args.SERVICE")}.dll")]);
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("TASKRES_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(inherited);
        foreach (var (name, value) in _secrets.Rewrite(_compose.Environment(service)))
        {
            start.Environment[name] = value switch
            {
                GrpcPort => $"{grpc}",
                WebPort => $"{web}",
                "0.0.0.0" => "127.0.0.1",
                "/model" => Model(service),
                $"dns:///encoder:{GrpcPort}" => Grpc("encoder").ToString(),
                "http://collector:4317" => $"http://127.0.0.1:{Port("collector")}",
                $"redis-cache:{RedisPort}" or $"redis-registry:{RedisPort}" => $"127.0.0.1:{Port(value.Split(':')[0])}",
                _ => value,
            };
        }

        Start(start);
        await HealthyAsync(service, check => check.Replace($"/{WebPort}", $"/{web}", StringComparison.Ordinal));
    }

    private string Model(string service) =>
        Path.GetFullPath(Path.Combine(ReferenceData.Repository, _compose.Service(service).Texts("volumes").Single(volume => volume.Contains(":/model:", StringComparison.Ordinal)).Split(':')[0]));

    private void Start(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    // By the file's own check.
    private async Task HealthyAsync(string name, Func<string, string> onLoopback)
    {
        string[] check = [.. _compose.HealthCheck(name).Select(argument => onLoopback(_secrets.Rewrite(argument)))];
        await Eventually.HoldsAsync(async () => (await Command.RunAsync(check[0], check[1..])).Exit == 0, $"{name} is healthy", StartLimit);
    }

    [GeneratedRegex("--dir /(data|tmp)(?= )")]
    private static partial Regex DataFolder();
}
