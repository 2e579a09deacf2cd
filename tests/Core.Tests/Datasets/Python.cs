using System.Diagnostics;

namespace TaskRes.Core.Tests.Datasets;

/// <summary>The machine's own Python, where it has one.</summary>
internal static class Python
{
    private const string Program = "/usr/bin/python3";

    /// <returns>What the script printed; the running test is skipped where there is no Python.</returns>
    public static string Run(string script, params string[] arguments)
    {
        if (!File.Exists(Program)) Assert.Skip($"{Program} is not installed");
        using var process = Process.Start(new ProcessStartInfo(Program, ["-c", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }
}
