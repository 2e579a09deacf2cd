using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TaskRes.Conformance.Sdks;

namespace TaskRes.Conformance.Verdicts;

/// <summary>
/// Two SDKs tell the same, but for their tenants' names and for rounding: other batches give other last digits, and those give
/// revisions of other names.
/// </summary>
internal static partial class Parity
{
    private const double Tolerance = 2e-3;

    public static IEnumerable<string> Differences(Step step, SdkRun one, SdkRun other)
    {
        if (!one.Known.TryGetValue(step.Id, out var first) || !other.Known.TryGetValue(step.Id, out var second)) return [];
        var varies = step.Varies ?? [];
        return Compare(Common(first, one, varies), Common(second, other, varies), step.Id).Select(difference => $"{difference} with {one.Sdk.Name}");
    }

    private static JsonNode Common(JsonNode result, SdkRun run, IReadOnlyList<string> varies)
    {
        // The first revision that the run told of is 0, and so on.
        var revisions = run.Known.Values.SelectMany(each => Revision().Matches(each.ToJsonString())).Select(match => match.Value).Distinct().ToList();
        var text = Revision().Replace(result.ToJsonString(), match => $"revisions/{revisions.IndexOf(match.Value)}");
        var common = JsonNode.Parse(text.Replace($"tenants/{run.Sdk.Name}", "tenants/~", StringComparison.Ordinal))!;
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

    [GeneratedRegex("revisions/[0-9a-f]{32}")]
    private static partial Regex Revision();
}
