using System.Diagnostics;
using System.Text.Json;
using TaskRes.Tests;

namespace TaskRes.Clients.Tests.Cli;

/// <summary>A running <c>taskres up</c>.</summary>
internal sealed class RunningSuite : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _stderr;

    private RunningSuite(Process process) => (_process, _stderr) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>What it said when it was ready.</summary>
    public JsonElement Announcement { get; private set; }

    /// <summary>Returns once the suite is ready, on the small golden model.</summary>
    public static Task<RunningSuite> StartAsync(CliHome home) => StartAsync(
        home, "--model", ReferenceData.Golden("vit", "hf"), "--tokenizer", SmallTokenizer.Write(home.Folder("tokenizer")), "--precision", "fp32");

    /// <summary>Returns once the suite is ready.</summary>
    public static async Task<RunningSuite> StartAsync(CliHome home, params string[] arguments)
    {
        var start = home.StartInfo(["up", "--data", home.File("registry"), "--port", "0", "--json", .. arguments]);
        var suite = new RunningSuite(Process.Start(start)!);
        var line = await suite._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (line is null) Assert.Fail($"'up' ended: {await suite._stderr}");
        suite.Announcement = JsonDocument.Parse(line).RootElement;
        return suite;
    }

    /// <summary>Ends it as Ctrl-C does.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-INT", $"{_process.Id}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
