using System.Text.Json.Nodes;
using TaskRes.Client;

namespace TaskRes.Conformance.CSharp;

/// <summary>Runs the cases with the C# SDK; <see cref="Sdks.SdkProcess"/> says in which words.</summary>
internal static class CSharpRunner
{
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var input = JsonNode.Parse((await Console.In.ReadLineAsync(cancellationToken))!)!;
        var known = input["known"]!.AsObject().ToDictionary(field => field.Key, field => field.Value!);
        var placeholders = new Placeholders(known);
        var files = new Dictionary<string, byte[]>();
        foreach (var scenario in CaseFile.Load().Scenarios)
            foreach (var step in scenario.Steps)
            {
                var options = new TaskResClientOptions
                {
                    Address = new Uri($"{input["server"]}"),
                    TenantName = $"{known["tenant"]}",
                    ApiKey = $"{placeholders.Fill(step.Key ?? scenario.Key ?? "${operator}")}",
                    WaitForReady = scenario.WaitForReady,
                };
                if (step.TimeoutMs is { } timeout) options = options with { Timeout = TimeSpan.FromMilliseconds(timeout) };
                using var client = new TaskResClient(options);
                var call = new VerbCall(client, (JsonObject)placeholders.Fill(step.Args ?? [])!, step.Id, files, cancellationToken);
                known[step.Id] = await ResultAsync(step.Call, call);
                await Tell(new JsonObject { ["step"] = step.Id, ["result"] = known[step.Id].DeepClone() });
            }

        return 0;
    }

    /// <summary>Returns when nobody listens any more.</summary>
    public static async Task RestartAsync(CancellationToken cancellationToken)
    {
        await Tell(new JsonObject { ["restart"] = true });
        await Console.In.ReadLineAsync(cancellationToken);
    }

    private static async Task<JsonObject> ResultAsync(string verb, VerbCall call)
    {
        try
        {
            return await Verbs.All[verb](call);
        }
        catch (TaskResClientException error)
        {
            return new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["reason"] = Names.Of(error.Reason),
                    ["status"] = Names.Of(error.StatusCode),
                    ["message"] = error.Message,
                    ["metadata"] = new JsonObject(error.Metadata.Select(variable => KeyValuePair.Create(variable.Key, (JsonNode?)variable.Value))),
                    ["fields"] = new JsonArray([.. error.FieldViolations.Select(violation => violation.Field)]),
                    ["retry"] = error.RetryAfter is not null,
                },
            };
        }
        catch (OperationCanceledException) when (!call.CancellationToken.IsCancellationRequested)
        {
            return new JsonObject { ["cancelled"] = true };
        }
    }

    private static async Task Tell(JsonObject message)
    {
        await Console.Out.WriteLineAsync(message.ToJsonString());
        await Console.Out.FlushAsync();
    }
}
