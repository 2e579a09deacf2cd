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
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"), "--Endpoints:GrpcPort=0", "--Endpoints:WebPort=0", "--Access:Mode=Off", .. settings];
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
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

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text) return;
        lock (_lines) _lines.Add(text);
    }

    [GeneratedRegex(@"gRPC at (?<address>http://127\.0\.0\.1:\d+)")]
    private static partial Regex GrpcAddress();
}
