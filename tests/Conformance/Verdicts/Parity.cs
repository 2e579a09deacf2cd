using System.Text.Json.Nodes;
using TaskRes.Conformance.Sdks;

namespace TaskRes.Conformance.Verdicts;

/// <summary>Two SDKs tell the same, but for their tenants' names and for rounding: other batches give other last digits.</summary>
internal static class Parity
{
    private const double Tolerance = 2e-3;

    public static IEnumerable<string> Differences(Step step, SdkRun one, SdkRun other)
    {
        if (!one.Known.TryGetValue(step.Id, out var first) || !other.Known.TryGetValue(step.Id, out var second)) return [];
        var varies = step.Varies ?? [];
        return Compare(Common(first, one.Sdk, varies), Common(second, other.Sdk, varies), step.Id).Select(difference => $"{difference} with {one.Sdk.Name}");
    }

    private static JsonNode Common(JsonNode result, Sdk sdk, IReadOnlyList<string> varies)
    {
        var common = JsonNode.Parse(result.ToJsonString().Replace($"tenants/{sdk.Name}", "tenants/~", StringComparison.Ordinal))!;
        foreach (var field in varies) common.AsObject().Remove(field);
        return common;
    }

    private static IEnumerable<string> Compare(JsonNode? one, JsonNode? other, string path)
    {
        if (one is JsonObject fields && other is JsonObject others)
            return fields.Select(field => field.Key).Union(others.Select(field => field.Key)).SelectMany(name => Compare(fields[name], others[name], $"{path}.{name}"));
        if (one is JsonArray items && other is JsonArray found && items.Count == found.Count)
            return items.Zip(found).SelectMany((pair, index) => Compare(pair.First, pair.Second, $"{path}[{index}]"));
        if (one is JsonValue a && other is JsonValue b && a.TryGetValue<double>(out var x) && b.TryGetValue<double>(out var y))
            return Math.Abs(x - y) <= Tolerance * Math.Max(1, Math.Abs(x)) ? [] : [$"{path} is {y}, but {x}"];
        return JsonNode.DeepEquals(one, other) ? [] : [$"{path} is {other?.ToJsonString() ?? "nothing"}, but {one?.ToJsonString() ?? "nothing"}"];
    }
}
