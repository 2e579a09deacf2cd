using System.Text.Json.Nodes;

namespace TaskRes.Conformance.CSharp;

/// <summary>The verbs of the cases.</summary>
internal static class Verbs
{
    public static IReadOnlyDictionary<string, Func<VerbCall, Task<JsonObject>>> All { get; } = new[]
    {
        TenantVerbs.All, TaskVerbs.All, TrainingVerbs.All, RevisionVerbs.All, EncodingVerbs.All, ClassificationVerbs.All,
        new()
        {
            ["restart"] = async call =>
            {
                await CSharpRunner.RestartAsync(call.CancellationToken);
                return [];
            },
        },
    }.SelectMany(verbs => verbs).ToDictionary();
}
