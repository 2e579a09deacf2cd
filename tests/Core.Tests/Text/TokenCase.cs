using System.Text.Json;

namespace TaskRes.Core.Tests.Text;

/// <summary>A text and the ids that the reference tokenizer gives it.</summary>
internal sealed record TokenCase(string Group, string Text, int[] Ids)
{
    public static IReadOnlyList<TokenCase> Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. json.RootElement.EnumerateArray().Select(entry => new TokenCase(
            entry.TryGetProperty("group", out var group) ? group.GetString()! : "",
            entry.GetProperty("text").GetString()!,
            [.. entry.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())]))];
    }
}
