using System.Globalization;
using System.Text;

namespace TaskRes.Core.Text;

/// <summary>The character tables that travel in the assembly: one entry a line, <c>#</c> opens a comment.</summary>
internal static class TextTable
{
    public static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(TextTable).Assembly.GetManifestResourceStream(typeof(TextTable), name)
            ?? throw new InvalidOperationException($"The assembly lacks its table {name}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith('#')) yield return line;
    }

    public static int CodePoint(ReadOnlySpan<char> hex) =>
        int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>The string that a blank-separated list of code points spells.</summary>
    public static string Spell(ReadOnlySpan<char> codePoints)
    {
        var text = new StringBuilder();
        foreach (var range in codePoints.Split(' '))
            text.Append(new Rune(CodePoint(codePoints[range])).ToString());
        return text.ToString();
    }
}
