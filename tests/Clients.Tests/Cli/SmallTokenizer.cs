using System.Text.Json;

namespace TaskRes.Clients.Tests.Cli;

/// <summary>A CLIP tokenizer of 640 ids, as many as the small golden models have: the bytes, 126 merges, and the two marks.</summary>
internal static class SmallTokenizer
{
    public const int StartOfText = 638;
    public const int EndOfText = 639;

    private const string EndOfWord = "</w>";
    private const int Merges = 640 - (2 * 256) - 2;

    /// <summary>Writes vocab.json and merges.txt.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder)
    {
        var bytes = Bytes().ToList();
        var merges = (from first in "abcdefghijklmnopqrstuvwxyz" from second in "aeiou" select (Left: $"{first}", Right: second + EndOfWord)).Take(Merges).ToList();
        string[] pieces =
        [
            .. bytes, .. bytes.Select(piece => piece + EndOfWord), .. merges.Select(merge => merge.Left + merge.Right), "<|startoftext|>", "<|endoftext|>",
        ];
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(pieces.Select((piece, id) => (piece, id)).ToDictionary(entry => entry.piece, entry => entry.id)));
        File.WriteAllLines(Path.Combine(folder, "merges.txt"), ["#version: 0.2", .. merges.Select(merge => $"{merge.Left} {merge.Right}")]);
        return folder;
    }

    /// <summary>GPT-2's printable stand-ins of the 256 bytes: those that print stand for themselves, the others follow from 256 on.</summary>
    private static IEnumerable<string> Bytes()
    {
        var printable = Enumerable.Range('!', '~' - '!' + 1).Concat(Enumerable.Range('¡', '¬' - '¡' + 1)).Concat(Enumerable.Range('®', 'ÿ' - '®' + 1)).ToList();
        var others = Enumerable.Range(0, 256).Except(printable).Select((_, place) => 256 + place);
        return printable.Concat(others).Select(code => $"{(char)code}");
    }
}
