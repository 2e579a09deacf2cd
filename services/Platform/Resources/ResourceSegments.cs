using TaskRes.Core;

namespace TaskRes.Platform.Resources;

/// <summary>The parts of a resource name and the one rule for identifiers (AIP-122): they become Redis keys and URLs as they are.</summary>
internal static class ResourceSegments
{
    private const int MaxLength = 63;

    public static string[] Parse(string name, string field, params ReadOnlySpan<string> collections)
    {
        var parts = name.Split('/');
        var identifiers = new string[collections.Length];
        var matches = parts.Length == collections.Length * 2;
        for (var i = 0; matches && i < collections.Length; i++)
        {
            matches = parts[2 * i] == collections[i] && IsIdentifier(parts[(2 * i) + 1]);
            identifiers[i] = matches ? parts[(2 * i) + 1] : "";
        }

        if (matches) return identifiers;
        var pattern = string.Join('/', collections.ToArray().Select(collection => $"{collection}/{{{collection.TrimEnd('s')}}}"));
        throw TaskResException.Invalid(field, $"\"{Shorten(name)}\" is not of the form {pattern}, each id 1–{MaxLength} characters of a–z, 0–9 and -.");
    }

    /// <summary>1–63 characters of a–z, 0–9 and -, not starting with -.</summary>
    public static bool IsIdentifier(string text) =>
        text.Length is > 0 and <= MaxLength && text[0] != '-' && text.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');

    private static string Shorten(string name) => name.Length <= 200 ? name : $"{name[..200]}…";
}
