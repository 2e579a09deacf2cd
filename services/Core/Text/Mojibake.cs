using System.Collections.Frozen;
using System.Text;
using System.Text.Unicode;

namespace TaskRes.Core.Text;

/// <summary>
/// Undoes the commonest wrong decoding, UTF-8 read as Windows-1252 or Latin-1 ("Ã©" for "é"): a line whose every character
/// is of that set, and whose bytes in it are valid UTF-8, is hardly ever meant as it stands. ftfy's further guesses
/// (other character sets, parts of a line, lost bytes) are not made.
/// </summary>
internal static class Mojibake
{
    private static readonly FrozenDictionary<char, byte> Bytes = Enumerable.Range(0x80, 0x80)
        .SelectMany(value => new[] { ((char)value, (byte)value), (CharacterRepair.Replace(new Rune(value))[0], (byte)value) })
        .DistinctBy(entry => entry.Item1).ToFrozenDictionary(entry => entry.Item1, entry => entry.Item2);

    public static string Repair(string line)
    {
        while (!Ascii.IsValid(line) && Encode(line) is { } bytes && Utf8.IsValid(bytes)) line = Encoding.UTF8.GetString(bytes);
        return line;
    }

    private static byte[]? Encode(string line)
    {
        var bytes = new byte[line.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (line[i] < 0x80) bytes[i] = (byte)line[i];
            else if (!Bytes.TryGetValue(line[i], out bytes[i])) return null;
        }
        return bytes;
    }
}
