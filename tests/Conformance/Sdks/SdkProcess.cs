using System.Diagnostics;
using System.Text.Json.Nodes;
using TaskRes.Conformance.Suite;

namespace TaskRes.Conformance.Sdks;

/// <summary>
/// A runner speaks in lines of JSON. It is given one, with what it needs; it tells the result of each step as
/// <c>{"step", "result"}</c>; and <c>{"restart": true}</c> has the suite restarted: it hears <c>stopped</c> when nobody listens
/// any more, while the suite starts again.
/// </summary>
internal static class SdkProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static async Task<SdkRun> RunAsync(Sdk sdk, CaseFile cases, LiveSuite suite, TestImages images, CancellationToken cancellationToken)
    {
        var known = Names(sdk, suite, images);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var process = Process.Start(new ProcessStartInfo(sdk.Command[0], sdk.Command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var stderr = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            var input = new JsonObject { ["server"] = sdk.Web ? suite.Web : suite.Grpc, ["cases"] = CaseFile.Path, ["known"] = new JsonObject(known.Select(name => KeyValuePair.Create(name.Key, (JsonNode?)name.Value.DeepClone()))) };
            await process.StandardInput.WriteLineAsync(input.ToJsonString().AsMemory(), limit.Token);
            await process.StandardInput.FlushAsync(limit.Token);
            var seconds = await ListenAsync(process, cases, suite, known, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new SdkRun(sdk, known, seconds, process.ExitCode == 0 ? null : $"the runner ended with {process.ExitCode}: {await stderr}");
        }
        catch (Exception error) when (error is IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            return new SdkRun(sdk, known, new Dictionary<string, double>(), $"{error.Message} {await stderr}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await suite.ReadyAsync(cancellationToken);
        }
    }

    private static Dictionary<string, JsonNode> Names(Sdk sdk, LiveSuite suite, TestImages images) => new()
    {
        ["sdk"] = sdk.Name,
        ["tenant"] = $"tenants/{sdk.Name}",
        ["operator"] = suite.AdminKey,
        ["outlines"] = images.Outlines,
        ["noise"] = images.Noise,
        ["broken"] = images.Broken,
    };

    private static async Task<Dictionary<string, double>> ListenAsync(
        Process process, CaseFile cases, LiveSuite suite, Dictionary<string, JsonNode> known, CancellationToken cancellationToken)
    {
        var scenarios = cases.Scenarios.SelectMany(scenario => scenario.Steps.Select(step => (step.Id, scenario.Name))).ToDictionary();
        var seconds = cases.Scenarios.ToDictionary(scenario => scenario.Name, _ => 0.0);
        var last = Stopwatch.GetTimestamp();
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            var told = JsonNode.Parse(line)!.AsObject();
            if (told.ContainsKey("restart"))
            {
                await suite.StopAsync(cancellationToken);
                suite.StartAgain();
                await process.StandardInput.WriteLineAsync("stopped".AsMemory(), cancellationToken);
                await process.StandardInput.FlushAsync(cancellationToken);
                continue;
            }

            var step = told["step"]!.GetValue<string>();
            known[step] = told["result"]!;
            seconds[scenarios[step]] += Stopwatch.GetElapsedTime(last).TotalSeconds;
            last = Stopwatch.GetTimestamp();
        }

        return seconds;
    }
}
