using System.Diagnostics;
using System.Text.RegularExpressions;

namespace TaskRes.Services.Tests.Support;

/// <summary>A service's executable, on free ports, with what it wrote.</summary>
internal sealed partial class ServiceProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];

    /// <param name="assembly">Such as <c>TaskRes.Encoder</c>; it lies beside the tests.</param>
    public ServiceProcess(string assembly, params string[] settings)
        : this(new ProcessStartInfo("dotnet", Arguments(assembly, settings)))
    {
    }

    private ServiceProcess(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>One that can make no file larger than this, as if the disk were full from there on.</summary>
    public static ServiceProcess WithFilesUpTo(int kibibytes, string assembly, params string[] settings)
    {
        // The signal of a file that is too large would end the process; without it the write fails.
        var script = $"trap '' XFSZ; ulimit -f {kibibytes}; exec dotnet \"$@\"";
        var start = new ProcessStartInfo("bash", ["-c", script, "bash", .. Arguments(assembly, settings)]);
        // The runtime's own code would lie in a memory file under the same limit.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return new ServiceProcess(start);
    }

    public int Id => _process.Id;

    /// <summary>Both streams, as far as they came.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    /// <summary>Where it speaks gRPC, once it has said so.</summary>
    public async Task<Uri> GrpcAsync(TimeSpan limit)
    {
        await Eventually.HoldsAsync(() => Lines.Any(GrpcAddress().IsMatch), $"the service tells its address; it wrote {string.Join('\n', Lines)}", limit);
        return new Uri(Lines.Select(line => GrpcAddress().Match(line)).First(match => match.Success).Groups["address"].Value);
    }

    public async Task<int> ExitCodeAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private static string[] Arguments(string assembly, string[] settings) =>
        [Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"), "--Endpoints:GrpcPort=0", "--Endpoints:WebPort=0", "--Access:Mode=Off", .. settings];

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text) return;
        lock (_lines) _lines.Add(text);
    }

    [GeneratedRegex(@"gRPC at (?<address>http://127\.0\.0\.1:\d+)")]
    private static partial Regex GrpcAddress();
}
