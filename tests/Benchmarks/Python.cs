using System.Diagnostics;

namespace TaskRes.Benchmarks;

/// <summary>A Python that has certain modules: the first one found, or the distribution's own.</summary>
internal sealed class Python
{
    private readonly string _program;

    private Python(string program) => _program = program;

    public static Python? With(params string[] modules) =>
        new[] { "python3", "/usr/bin/python3" }.Where(program => Has(program, modules)).Select(program => new Python(program)).FirstOrDefault();

    /// <summary>What a script of this project prints.</summary>
    public string Run(string script, params string[] arguments)
    {
        var (exit, output) = Start(_program, [Path.Combine(AppContext.BaseDirectory, script), .. arguments]);
        return exit == 0 ? output : throw new InvalidOperationException($"{script} ended with {exit}.");
    }

    private static bool Has(string program, string[] modules)
    {
        try
        {
            return Start(program, ["-c", $"import {string.Join(", ", modules)}"], quiet: true).Exit == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // There is no such program.
        }
    }

    private static (int Exit, string Output) Start(string program, IEnumerable<string> arguments, bool quiet = false)
    {
        using var child = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = quiet })!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return (child.ExitCode, output);
    }
}
