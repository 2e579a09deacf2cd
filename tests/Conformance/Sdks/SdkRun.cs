using System.Text.Json.Nodes;

namespace TaskRes.Conformance.Sdks;

/// <summary>What an SDK's runner told.</summary>
/// <param name="Sdk">Which.</param>
/// <param name="Known">The results by step, beside the names that every run is given.</param>
/// <param name="Seconds">How long each scenario took.</param>
/// <param name="Failure">Why the runner ended before its time; null where it did not.</param>
internal sealed record SdkRun(Sdk Sdk, IReadOnlyDictionary<string, JsonNode> Known, IReadOnlyDictionary<string, double> Seconds, string? Failure);
