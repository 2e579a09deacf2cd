using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TaskRes.Conformance;

/// <summary>Replaces <c>${name}</c> and <c>${step.field}</c> by what is known of them; a string that is nothing else becomes the value itself.</summary>
internal sealed partial class Placeholders(IReadOnlyDictionary<string, JsonNode> known)
{
    public JsonNode? Fill(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Fill(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Fill)]),
        JsonValue value when value.TryGetValue<string>(out var text) => Fill(text),
        _ => node?.DeepClone(),
    };

    private JsonNode? Fill(string text) => Pattern().Match(text) is { Success: true } whole && whole.Length == text.Length
        ? Find(whole.Groups[1].Value)?.DeepClone()
        : JsonValue.Create(Pattern().Replace(text, match => $"{Find(match.Groups[1].Value)}"));

    private JsonNode? Find(string path)
    {
        var parts = path.Split('.');
        return known.TryGetValue(parts[0], out var node) ? parts.Skip(1).Aggregate((JsonNode?)node, (at, part) => at?[part]) : null;
    }

    [GeneratedRegex(@"\$\{([\w.]+)\}")]
    private static partial Regex Pattern();
}
