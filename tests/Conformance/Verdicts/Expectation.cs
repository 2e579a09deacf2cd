using System.Text.Json.Nodes;

namespace TaskRes.Conformance.Verdicts;

/// <summary>Compares a result with what a case expects of it: fields that are not named may be anything.</summary>
internal static class Expectation
{
    /// <summary>What is otherwise, in words.</summary>
    public static IEnumerable<string> Complaints(JsonNode? expected, JsonNode? actual, string path) => expected switch
    {
        JsonObject bound when bound.TryGetPropertyValue("at least", out var least) =>
            Number(actual) >= Number(least) ? [] : [$"{path} is {Text(actual)}, not at least {Text(least)}"],
        JsonObject bound when bound.TryGetPropertyValue("near", out var near) =>
            Math.Abs(Number(actual) - Number(near)) <= Number(bound["within"]) ? [] : [$"{path} is {Text(actual)}, not within {Text(bound["within"])} of {Text(near)}"],
        JsonObject fields when actual is JsonObject found => fields.SelectMany(field => Complaints(field.Value, found[field.Key], $"{path}.{field.Key}")),
        JsonArray items when actual is JsonArray found && items.Count == found.Count =>
            items.Zip(found).SelectMany((pair, index) => Complaints(pair.First, pair.Second, $"{path}[{index}]")),
        _ => JsonNode.DeepEquals(expected, actual) ? [] : [$"{path} is {Text(actual)}, not {Text(expected)}"],
    };

    private static double Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : double.NaN;

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nothing";
}
