using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;

namespace TaskRes.Clients.Tests.Cli;

/// <summary>The first thing that anybody types, on the bundled model.</summary>
[SupportedOSPlatform("linux")]
public sealed class DemoVerbTests : IDisposable
{
    private static readonly string[] TaskNames = ["animals", "outlines", "creatures"];

    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Demo_ForScripts_MeasuresEveryTaskAndLeavesNothing()
    {
        var result = (await CliRun.RunWithAsync(_home, Environment(), "demo", "--json")).RequireJson();

        Assert.InRange(result.GetProperty("seconds").GetDouble(), 0.1, 600);
        Assert.Equal(64, result.GetProperty("model").GetProperty("fingerprint").GetString()!.Length);
        var tasks = result.GetProperty("tasks").EnumerateArray().ToList();
        Assert.Equal(TaskNames, tasks.Select(task => task.GetProperty("name").GetString()!));
        Assert.All(tasks, RequireMeasured);
        Assert.All(tasks, task => Assert.True(Accuracy(task, 16) >= Accuracy(task, 0), $"{task}"));
        // Where the names say little the pictures must say much.
        Assert.All(tasks.Skip(1), task => Assert.True(Accuracy(task, 16) >= Accuracy(task, 0) + 15, $"{task}"));
        Assert.Empty(Leftovers());
    }

    [Fact]
    public async Task Demo_ForPeople_ShowsEveryTaskAndWhatToTypeNext()
    {
        var run = await CliRun.RunWithAsync(_home, Environment(), "demo");

        Assert.True(run.ExitCode == 0, run.Stderr);
        Assert.DoesNotContain('\e', run.Stdout);
        var lines = run.Stdout.Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.All(TaskNames, name => Assert.Single(lines, line => line.StartsWith($"{name}  ", StringComparison.Ordinal)));
        Assert.Equal(TaskNames.Length, lines.Count(line => line.TrimStart().StartsWith("zero-shot ", StringComparison.Ordinal)));
        Assert.All(["up", "classify pets IMAGE", "models pull openai/clip-vit-base-patch32"], command => Assert.Contains($"  taskres {command}", lines));
        Assert.Contains("http://127.0.0.1:5101", run.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_Interrupted_StopsAndLeavesNothing()
    {
        var start = _home.StartInfo("demo");
        foreach (var (name, value) in Environment()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var stderr = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.StartsWith(TaskNames[0], StringComparison.Ordinal)) ;
        Assert.Single(Leftovers());

        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("taskres: CANCELLED: ", (await stderr).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);
        Assert.Empty(Leftovers());
    }

    [Fact]
    public async Task Up_NoModelNamed_ServesTheBundledOne()
    {
        var bundled = Path.Combine(AppContext.BaseDirectory, "Bundled", "model");
        await using var suite = await RunningSuite.StartAsync(_home, []);

        var created = (await CliRun.JsonAsync(_home, "task", "create", "fruit", "--classes", "apple,banana")).RequireJson();

        var info = (await CliRun.JsonAsync(_home, "models", "info", bundled)).RequireJson();
        Assert.Equal(info.GetProperty("fingerprint").GetString(), created.GetProperty("encoder_fingerprint").GetString());
    }

    private static void RequireMeasured(JsonElement task)
    {
        Assert.NotEqual("", task.GetProperty("description").GetString());
        Assert.InRange(task.GetProperty("classes").GetArrayLength(), 2, 100);
        var runs = task.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal([0, 1, 4, 16], runs.Select(run => run.GetProperty("shots").GetInt32()));
        Assert.Equal(JsonValueKind.Null, runs[0].GetProperty("seconds").ValueKind);
        Assert.All(runs.Skip(1), run => Assert.InRange(run.GetProperty("seconds").GetDouble(), 0.001, 60));

        var (images, second) = (task.GetProperty("test_images").GetInt32(), task.GetProperty("second_pass"));
        Assert.Equal((images, images), (second.GetProperty("images").GetInt32(), second.GetProperty("cache_hits").GetInt32()));
        var first = task.GetProperty("images_per_second").GetDouble();
        Assert.InRange(first, 0.1, second.GetProperty("images_per_second").GetDouble());
    }

    private static double Accuracy(JsonElement task, int shots) =>
        task.GetProperty("runs").EnumerateArray().Single(run => run.GetProperty("shots").GetInt32() == shots).GetProperty("accuracy").GetDouble();

    private Dictionary<string, string> Environment() => new() { ["TMPDIR"] = _home.Folder("temporary") };

    private string[] Leftovers() => Directory.GetDirectories(_home.File("temporary"), "taskres-demo-*");
}
