using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TaskRes.Core.Text;

/// <summary>Character references of HTML: <c>&amp;eacute;</c>, <c>&amp;#233;</c>, <c>&amp;#xE9;</c> (HTML standard, 13.2.5.72 on).</summary>
internal static partial class HtmlReferences
{
    private static readonly Lazy<Dictionary<string, string>> Names = new(() => TextTable.Lines("html-entities.txt")
        .Select(line => line.Split(' ', 2)).ToDictionary(fields => fields[0], fields => TextTable.Spell(fields[1])));

    /// <summary>Replaces every reference as a browser would: a few old names need no semicolon, and may be a prefix.</summary>
    public static string Unescape(string text) => text.Contains('&') ? Loose().Replace(text, Resolve) : text;

    /// <summary>
    /// Replaces only references that end in a semicolon, and also knows names written in capitals (<c>&amp;EACUTE;</c>
    /// is É): the cautious form that text repair uses.
    /// </summary>
    public static string UnescapeStrictly(string text) => text.Contains('&') ? Strict().Replace(text, ResolveStrictly) : text;

    private static string Resolve(Match match)
    {
        var reference = match.Groups[1].ValueSpan;
        if (reference[0] == '#') return Number(reference);
        var names = Names.Value.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = reference.Length; length > 1; length--)
            if (names.TryGetValue(reference[..length], out var character))
                return string.Concat(character, reference[length..]);
        return match.Value;
    }

    private static string ResolveStrictly(Match match)
    {
        var reference = match.Groups[1].Value;
        if (reference[0] == '#')
            return Loose().Match(match.Value) is { Success: true } number && number.Length == match.Length
                ? Number(reference) : match.Value;
        if (Names.Value.TryGetValue(reference, out var character)) return character;
        var lower = reference.ToLowerInvariant();
        return reference == reference.ToUpperInvariant() && Unescape(match.Value) == match.Value
            && Names.Value.TryGetValue(lower, out character) ? character.ToUpperInvariant() : match.Value;
    }

    private static string Number(ReadOnlySpan<char> reference)
    {
        var digits = reference.TrimEnd(';')[1..];
        var isHex = digits[0] is 'x' or 'X';
        var isNumber = isHex
            ? int.TryParse(digits[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point)
            : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out point);

        if (!isNumber || point == 0 || !Rune.IsValid(point)) return "\uFFFD";
        if (point == '\r') return "\r";
        if (point is >= 0x80 and < 0xA0) return CharacterRepair.Replace(new Rune(point));
        var isControl = point is < 0x20 and not ('\t' or '\n' or '\f') or 0x7F;
        var isNoncharacter = point is >= 0xFDD0 and <= 0xFDEF || (point & 0xFFFE) == 0xFFFE;
        return isControl || isNoncharacter ? "" : new Rune(point).ToString();
    }

    [GeneratedRegex("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")]
    private static partial Regex Loose();

    [GeneratedRegex("&(#?[0-9A-Za-z]{1,24};)")]
    private static partial Regex Strict();
}
