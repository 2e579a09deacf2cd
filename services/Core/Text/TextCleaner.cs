using System.Buffers;
using System.Globalization;
using System.Text;

namespace TaskRes.Core.Text;

/// <summary>What CLIP does to a text before splitting it: repair, HTML references (twice), white space, lower case.</summary>
internal static class TextCleaner
{
    private const int CapitalSigma = 0x3A3, SmallSigma = 0x3C3, FinalSigma = 0x3C2, CapitalDottedI = 0x130;

    // Printable ASCII but for what begins a reference: there is nothing to repair in it.
    private static readonly SearchValues<char> Sound = SearchValues.Create(string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(value => (char)value).Where(value => value != '&')));

    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Sound)) return LowerAscii(IsCollapsed(text) ? text : CollapseWhiteSpace(text));
        text = CharacterRepair.Repair(text);
        text = HtmlReferences.Unescape(HtmlReferences.Unescape(text));
        return Lower(CollapseWhiteSpace(text));
    }

    private static bool IsCollapsed(string text) => !text.StartsWith(' ') && !text.EndsWith(' ') && !text.Contains("  ", StringComparison.Ordinal);

    private static string CollapseWhiteSpace(string text)
    {
        var collapsed = new StringBuilder(text.Length);
        var pending = false;
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character))
            {
                pending = collapsed.Length > 0;
                continue;
            }
            if (pending) collapsed.Append(' ');
            pending = false;
            collapsed.Append(character);
        }
        return collapsed.ToString();
    }

    /// <summary>Unicode's full lower case: by character, but for the two that become something else in context.</summary>
    private static string Lower(string text)
    {
        if (Ascii.IsValid(text)) return LowerAscii(text);
        Rune[] runes = [.. text.EnumerateRunes()];
        var lower = new StringBuilder(text.Length);
        for (var i = 0; i < runes.Length; i++)
        {
            lower.Append(runes[i].Value switch
            {
                CapitalDottedI => "i\u0307",
                CapitalSigma => new Rune(EndsWord(runes, i) ? FinalSigma : SmallSigma).ToString(),
                _ => Rune.ToLowerInvariant(runes[i]).ToString(),
            });
        }
        return lower.ToString();
    }

    // Most captions have no capital: to look for one takes vectors of characters at a time, to lower them one after the other.
    private static string LowerAscii(string text) => text.AsSpan().ContainsAnyInRange('A', 'Z') ? text.ToLowerInvariant() : text;

    // A cased letter before, none after; marks and the like in between do not count (Unicode standard, 3.13, Final_Sigma).
    private static bool EndsWord(Rune[] runes, int at) => MeetsCased(runes, at, -1) && !MeetsCased(runes, at, +1);

    private static bool MeetsCased(Rune[] runes, int at, int step)
    {
        do at += step;
        while (at >= 0 && at < runes.Length && IsIgnorable(runes[at]));
        return at >= 0 && at < runes.Length && Rune.GetUnicodeCategory(runes[at]) is
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;
    }

    private static bool IsIgnorable(Rune rune) => rune.Value is '\'' or '.' or ':' or 0xB7 or 0x2019 or 0x2027
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
