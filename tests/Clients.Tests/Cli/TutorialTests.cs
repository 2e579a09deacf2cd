using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using TaskRes.Tests;

namespace TaskRes.Clients.Tests.Cli;

/// <summary>The commands of clients/TUTORIAL.md do what it says, against a suite that is up.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class TutorialTests
{
    // The build and the start of the suite, which are done here.
    private const int DoneHere = 2;
    private const string Web = "http://127.0.0.1:5101";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_OneAfterTheOther_TrainAndClassify()
    {
        Need.Program("curl");
        var tutorial = await File.ReadAllTextAsync(Path.Combine(ReferenceData.Repository, "clients", "TUTORIAL.md"), Cancel);
        var blocks = Blocks().Matches(tutorial).Skip(DoneHere).Select(block => block.Groups[1].Value);
        using var home = new CliHome();
        await using var suite = await RunningSuite.StartAsync(home, []);
        var script = string.Concat(blocks).Replace(Web, $"{suite.Announcement.GetProperty("web")}".TrimEnd('/'), StringComparison.Ordinal);

        var (exitCode, output) = await BashAsync(home, script);

        Assert.True(exitCode == 0, output);
        Assert.Contains("40 of 100 right", output, StringComparison.Ordinal);
        Assert.Contains("66 of 100 right", output, StringComparison.Ordinal);
        Assert.Contains("\"predictions\":[{\"className\":\"bicycle\"", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> BashAsync(CliHome home, string script)
    {
        var start = home.StartInfo();
        start.FileName = "bash";
        foreach (var argument in new[] { "-euo", "pipefail", "-c", $"exec 2>&1\n{script}" }) start.ArgumentList.Add(argument);
        start.Environment["TASKRES"] = ReferenceData.Repository;
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(Cancel);
            await process.WaitForExitAsync(Cancel);
            return (process.ExitCode, output);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
