using System.Text.Json;

namespace TaskRes.Core.Text;

/// <summary>Reads a list of merges, best first: lines of two pieces, or in JSON also pairs.</summary>
internal static class MergeList
{
    public static IReadOnlyList<(string Left, string Right)> FromLines(string path, IEnumerable<string> lines, int limit)
    {
        var merges = new List<(string, string)>();
        var isFirst = true;
        foreach (var line in lines)
        {
            var isHeader = isFirst && line.Contains("#version", StringComparison.Ordinal);
            isFirst = false;
            if (isHeader || line.Length == 0) continue;
            if (merges.Count == limit) break;
            merges.Add(Parse(path, line, merges.Count));
        }
        if (merges.Count == 0) throw TokenizerFault.Of(path, "no merges are listed");
        return merges;
    }

    public static IReadOnlyList<(string Left, string Right)> FromJson(string path, JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array) throw TokenizerFault.Of(path, "model.merges is not a list");
        return [.. list.EnumerateArray().Select((merge, rank) => merge switch
        {
            { ValueKind: JsonValueKind.String } => Parse(path, merge.GetString()!, rank),
            { ValueKind: JsonValueKind.Array } when merge.GetArrayLength() == 2
                && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String
                => (merge[0].GetString()!, merge[1].GetString()!),
            _ => throw TokenizerFault.Of(path, $"merge {rank} is neither \"left right\" nor [\"left\", \"right\"]"),
        })];
    }

    private static (string, string) Parse(string path, string line, int rank)
    {
        var pieces = line.Split(' ');
        return pieces is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right)
            : throw TokenizerFault.Of(path, $"merge {rank}, \"{Shortened(line)}\", is not two pieces with a blank between them");
    }

    private static string Shortened(string line) => line.Length <= 60 ? line : line[..60] + "…";
}
