using System.Diagnostics;
using System.Text.Json;

namespace TaskRes.Clients.Tests.Cli;

/// <summary>A finished run of the tool.</summary>
internal sealed record CliRun(int ExitCode, string Stdout, string Stderr)
{
    /// <summary>Stdout as the one JSON value that it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Stdout).RootElement;

    /// <summary>The exit code, and stdout's JSON.</summary>
    public JsonElement RequireJson()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Stdout} {Stderr}");
        return Json;
    }

    /// <summary>One plain line on stderr with the reason, and the same reason as JSON on stdout; no trace of the code.</summary>
    public JsonElement RequireFailure(int exitCode, string reason)
    {
        Assert.True(exitCode == ExitCode, $"exit code {ExitCode}, not {exitCode}: {Stdout} {Stderr}");
        var lines = Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith($"taskres: {reason}: ", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Stderr, StringComparison.Ordinal);
        var error = Json.GetProperty("error");
        Assert.Equal(reason, error.GetProperty("reason").GetString());
        return error;
    }

    /// <summary>Runs the built tool to its end; <c>--json</c> is added.</summary>
    public static Task<CliRun> JsonAsync(CliHome home, params string[] arguments) => RunAsync(home, [.. arguments, "--json"]);

    public static Task<CliRun> RunAsync(CliHome home, params string[] arguments) => RunWithAsync(home, [], arguments);

    public static async Task<CliRun> RunWithAsync(CliHome home, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = home.StartInfo(arguments);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var stdout = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var stderr = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        return new CliRun(process.ExitCode, await stdout, await stderr);
    }
}
