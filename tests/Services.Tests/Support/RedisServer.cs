using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TaskRes.Tests;

namespace TaskRes.Services.Tests.Support;

/// <summary>A redis-server of this test's own, on a free loopback port and in a temporary folder, that can be killed, frozen and started again.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly string _program = Need.Program("redis-server");
    private readonly string _folder = Directory.CreateTempSubdirectory("taskres-redis-").FullName;
    private readonly string[] _settings;
    private Process? _process;

    /// <param name="settings">In place of those of a durable registry.</param>
    public RedisServer(params string[] settings)
    {
        _settings = settings.Length > 0 ? settings : ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"];
        Port = FreePort();
    }

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        var server = new RedisServer(settings);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        _process = Process.Start(_program, ["--bind", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--dir", _folder, "--save", "", "--logfile", "redis.log", .. _settings]);
        await Eventually.HoldsAsync(AnswersAsync, "redis-server answers");
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Forgets all that it kept; it must have been killed.</summary>
    public void Wipe()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);
    }

    /// <summary>SIGSTOP: connections stay open and nothing answers.</summary>
    public void Freeze() => Signal("-STOP");

    public void Thaw() => Signal("-CONT");

    public void Dispose()
    {
        if (_process is { HasExited: false }) Kill();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    // While it loads its append-only file it answers -LOADING.
    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            var reply = new byte[5];
            await client.GetStream().ReadExactlyAsync(reply);
            return reply.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
