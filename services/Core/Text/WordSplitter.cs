using System.Globalization;
using System.Text;

namespace TaskRes.Core.Text;

/// <summary>
/// Splits cleaned text as CLIP does: special tokens, English contractions, runs of letters, single digits, runs of the rest.
/// By <see cref="Rune"/>: the character classes of .NET's regular expressions see halves of the characters above U+FFFF.
/// </summary>
internal static class WordSplitter
{
    private enum Kind { Space, Letter, Digit, Other }

    // "'ſ" is the reference's: its pattern ignores case, and ſ is a lower-case S.
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'ſ"];

    private static readonly Kind[] AsciiKinds = [.. Enumerable.Range(0, 128).Select(value => KindOf(new Rune(value)))];

    /// <summary>Takes the next word off the front of <paramref name="rest"/>; empty when none is left.</summary>
    public static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest, Vocabulary specials)
    {
        rest = rest.TrimStart();
        var length = LengthOfFirst(rest, specials);
        var word = rest[..length];
        rest = rest[length..];
        return word;
    }

    private static int LengthOfFirst(ReadOnlySpan<char> text, Vocabulary specials)
    {
        if (text.IsEmpty) return 0;
        if (text[0] == '<')
        {
            if (text.StartsWith(specials.StartOfText)) return specials.StartOfText.Length;
            if (text.StartsWith(specials.EndOfText)) return specials.EndOfText.Length;
        }
        if (text[0] == '\'')
            foreach (var contraction in Contractions)
                if (text.StartsWith(contraction)) return contraction.Length;

        var first = KindAt(text, out var length);
        if (first == Kind.Digit) return length;
        while (length < text.Length && char.IsAscii(text[length]) && AsciiKinds[text[length]] == first) length++;
        while (length < text.Length && KindAt(text[length..], out var size) == first) length += size;
        return length;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, out int size)
    {
        size = 1;
        if (char.IsAscii(text[0])) return AsciiKinds[text[0]];
        Rune.DecodeFromUtf16(text, out var rune, out size);
        return KindOf(rune);
    }

    private static Kind KindOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Digit,
        _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
    };
}
