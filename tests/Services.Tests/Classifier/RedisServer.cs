using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using TaskRes.Tests;

namespace TaskRes.Services.Tests.Classifier;

/// <summary>A redis-server of the test's own, durable as the registry asks, in a folder that goes with it.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-redis-");
    private readonly Process _process;

    private RedisServer(string program, int port)
    {
        ConnectionString = $"127.0.0.1:{port}";
        string[] arguments =
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", _folder.FullName, "--save", "",
            "--appendonly", "yes", "--appendfsync", "no", "--maxmemory-policy", "noeviction", "--daemonize", "no", "--logfile", "redis.log",
        ];
        _process = Process.Start(new ProcessStartInfo(program, arguments))!;
    }

    public string ConnectionString { get; }

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer(Need.Program("redis-server"), FreePort());
        // Connecting tries again until the server listens.
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},connectRetry=20,connectTimeout=500");
        await connection.GetDatabase().PingAsync();
        return server;
    }

    public async Task RunAsync(Func<IDatabase, Task> command)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(ConnectionString);
        await command(connection.GetDatabase());
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
