using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace TaskRes.Core.Text;

/// <summary>
/// Undoes what copying and conversion do to text, as ftfy's <c>fix_text</c> does by default and CLIP's tokenizer expects:
/// curly quotes, ligatures, width variants, control characters, terminal escapes, lone surrogates, composition (NFC), and
/// of its repairs of wrong decoding the one in <see cref="Mojibake"/>.
/// </summary>
internal static partial class CharacterRepair
{
    // One repair may uncover the next ("&amp;amp;#39;"), so they repeat; hostile text nests as deep as it is long.
    private const int MaxPasses = 32;

    private static readonly FrozenDictionary<int, string> Replacements = TextTable.Lines("replacements.txt")
        .Select(line => line.Split(' ', 2))
        .ToFrozenDictionary(fields => TextTable.CodePoint(fields[0]), fields => fields.Length < 2 ? "" : TextTable.Spell(fields[1]));

    /// <summary>Repairs a text line by line; from the first line with a <c>&lt;</c> on, it may be HTML and keeps its references.</summary>
    public static string Repair(string text)
    {
        var isPlain = true;
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            isPlain = isPlain && !lines[i].Contains('<');
            lines[i] = RepairLine(lines[i], isPlain);
        }
        return string.Join('\n', lines);
    }

    /// <summary>What takes the place of a character: itself where nothing is wrong with it.</summary>
    public static string Replace(Rune rune) => Replacements.TryGetValue(rune.Value, out var replacement) ? replacement : rune.ToString();

    private static string RepairLine(string line, bool unescape)
    {
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var before = line;
            if (unescape) line = HtmlReferences.UnescapeStrictly(line);
            line = TerminalEscape().Replace(Mojibake.Repair(line), "");
            line = CanonicalComposition.Normalize(ReplaceCharacters(line));
            if (line == before) break;
        }
        return line;
    }

    private static string ReplaceCharacters(string line)
    {
        var repaired = new StringBuilder(line.Length);
        // Lone surrogates are enumerated as U+FFFD.
        foreach (var rune in line.EnumerateRunes()) repaired.Append(Replace(rune));
        return repaired.ToString();
    }

    [GeneratedRegex(@"\x1B\[[0-9;]*[a-zA-Z]")]
    private static partial Regex TerminalEscape();
}
