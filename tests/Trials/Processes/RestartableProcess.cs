using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TaskRes.Trials.Processes;

/// <summary>A server of this trial's own that is killed and comes back on the same port.</summary>
internal sealed class RestartableProcess(string name, int port, int webPort, string program, IReadOnlyList<string> arguments) : IDisposable
{
    // Below the ports that the kernel lends to outgoing connections: a dead server's port must not be taken by a client.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private Process? _process;
    private volatile string _lastError = "";

    public string Name => name;

    public int Port => port;

    /// <summary>Of a service's metrics; 0 where the program has none.</summary>
    public int WebPort => webPort;

    public int Id => _process!.Id;

    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(FirstPort, LastPort);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }

    /// <summary>Returns when it takes connections.</summary>
    /// <exception cref="InvalidOperationException">It ended, or took none for two minutes.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process?.Dispose();
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, line) => _lastError = line.Data ?? _lastError;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        for (var start = Stopwatch.GetTimestamp(); !await ListensAsync(cancellationToken); await Task.Delay(20, cancellationToken))
            if (_process.HasExited || Stopwatch.GetElapsedTime(start) > StartLimit) throw new InvalidOperationException($"{name} did not start on port {port}: {_lastError}");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process!.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>SIGTERM, and the end of the process by itself: its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            // Its folder is deleted next: it must not write there any more.
            _process.WaitForExit();
        }

        _process?.Dispose();
    }

    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
