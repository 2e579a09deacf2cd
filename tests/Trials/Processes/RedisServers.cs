using System.Diagnostics;

namespace TaskRes.Trials.Processes;

/// <summary>One redis-server, or a Redis Cluster of several, durable and in folders of their own.</summary>
internal sealed class RedisServers : IDisposable
{
    private const int ReplicasOfEach = 1;

    private static readonly string[] Durable = ["--save", "", "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"];

    private readonly string _folder;
    private readonly bool _isCluster;

    private RedisServers(int count, Func<string, IEnumerable<string>> settings)
    {
        _folder = Directory.CreateTempSubdirectory("taskres-trial-").FullName;
        _isCluster = count > 1;
        All = [.. Enumerable.Range(1, count).Select(number => Server(count == 1 ? "Redis" : $"Redis-{number}", settings))];
    }

    public IReadOnlyList<RestartableProcess> All { get; }

    /// <summary>For StackExchange.Redis.</summary>
    public string ConnectionString => string.Join(',', All.Select(server => $"127.0.0.1:{server.Port}"));

    public static RedisServers One() => new(1, _ => []);

    /// <summary>A cluster whose masters have a replica each. While a master is away, the slots of the others are served.</summary>
    public static RedisServers Cluster(int masters) => new(masters * (1 + ReplicasOfEach), folder =>
    [
        "--cluster-enabled", "yes", "--cluster-config-file", Path.Combine(folder, "nodes.conf"), "--cluster-port", $"{RestartableProcess.FreePort()}",
        "--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no",
    ]);

    /// <summary>Returns when all take connections and a cluster has formed.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(All.Select(server => server.StartAsync(cancellationToken)));
        if (!_isCluster) return;
        var (exit, output) = await ClientAsync(
            ["--cluster", "create", .. All.Select(server => $"127.0.0.1:{server.Port}"), "--cluster-replicas", $"{ReplicasOfEach}", "--cluster-yes"], cancellationToken);
        if (exit != 0) throw new InvalidOperationException($"redis-cli made no cluster: {output}");
    }

    public void Dispose()
    {
        foreach (var server in All) server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private RestartableProcess Server(string name, Func<string, IEnumerable<string>> settings)
    {
        var port = RestartableProcess.FreePort();
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        return new RestartableProcess(name, port, webPort: 0, "redis-server", ["--bind", "127.0.0.1", "--port", $"{port}", "--dir", folder, .. Durable, .. settings(folder)]);
    }

    private static async Task<(int Exit, string Output)> ClientAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var client = Process.Start(new ProcessStartInfo("redis-cli", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await Task.WhenAll(client.StandardOutput.ReadToEndAsync(cancellationToken), client.StandardError.ReadToEndAsync(cancellationToken));
        await client.WaitForExitAsync(cancellationToken);
        return (client.ExitCode, string.Concat(output));
    }
}
