using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace TaskRes.Conformance.Suite;

/// <summary>A <c>taskres up</c> that can be restarted where it was.</summary>
internal sealed class LiveSuite : IAsyncDisposable
{
    private const int MostStarts = 5;

    // Below those that the system gives to outgoing connections, which would take them while the suite is down.
    private const int FirstPort = 20_000, LastPort = 32_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly int _port;
    private Process _process;
    private Task _ready;

    private LiveSuite(string folder)
    {
        _folder = folder;
        _port = FreePorts();
        (_process, _ready) = Start();
    }

    public string Grpc => $"http://127.0.0.1:{_port}";

    public string Web => $"http://127.0.0.1:{_port + 1}";

    public string AdminKey => File.ReadAllText(Path.Combine(_folder, "data", "admin-key")).Trim();

    public static async Task<LiveSuite> StartAsync(string folder, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var suite = new LiveSuite(folder);
            try
            {
                await suite.ReadyAsync(cancellationToken);
                return suite;
            }
            catch (InvalidOperationException error) when (attempt < MostStarts && error.Message.Contains("address already in use", StringComparison.Ordinal))
            {
                // Somebody took one of the ports between their choice and the start.
                await suite.DisposeAsync();
            }
        }
    }

    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.WaitAsync(Patience, cancellationToken);

    /// <summary>Stops it in good order.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await ReadyAsync(cancellationToken);
        // Not SIGINT: a program that a shell runs in the background ignores it.
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await kill.WaitForExitAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        _process.Dispose();
    }

    /// <summary>Starts it again on the same folder and ports; it is ready some time later.</summary>
    public void StartAgain() => (_process, _ready) = Start();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private (Process Process, Task Ready) Start()
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "taskres"), ["up", "--data", Path.Combine(_folder, "data"), "--port", $"{_port}", "--json"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        // Neither the settings nor the credentials of whoever runs this.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TASKRES_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(_folder, "config");
        var process = Process.Start(start)!;
        return (process, AnnouncedAsync(process, process.StandardError.ReadToEndAsync()));
    }

    private static async Task AnnouncedAsync(Process process, Task<string> stderr)
    {
        var line = await process.StandardOutput.ReadLineAsync();
        if (line is null) throw new InvalidOperationException($"'taskres up' ended: {await stderr}");
        using var announcement = JsonDocument.Parse(line);
        if (!announcement.RootElement.TryGetProperty("server", out _)) throw new InvalidOperationException($"'taskres up' said: {line}");
    }

    /// <summary>Two neighbours, as the suite takes them.</summary>
    private static int FreePorts()
    {
        while (true)
        {
            var port = Random.Shared.Next(FirstPort, LastPort);
            try
            {
                using TcpListener first = new(IPAddress.Loopback, port), second = new(IPAddress.Loopback, port + 1);
                first.Start();
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: two others.
            }
        }
    }
}
