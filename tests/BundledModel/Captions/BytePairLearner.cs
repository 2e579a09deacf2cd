using System.Text;
using TaskRes.Core.Text;

namespace TaskRes.BundledModel.Captions;

/// <summary>
/// Learns a byte-level vocabulary (Sennrich et al., arXiv 1508.07909): time and again the most frequent pair of neighbours
/// within words becomes one piece.
/// </summary>
internal static class BytePairLearner
{
    private static readonly Vocabulary SpecialsOnly =
        new(new Dictionary<string, int> { ["<|startoftext|>"] = 0, ["<|endoftext|>"] = 1 }, []);

    /// <returns>The vocabulary in CLIP's order: bytes, bytes that end a word, merges, start and end of text.</returns>
    public static Vocabulary Learn(IEnumerable<string> texts, int merges)
    {
        var words = texts.SelectMany(Words).CountBy(word => word).Select(entry => (Pieces: Pieces(entry.Key), Count: entry.Value)).ToList();
        var learned = new List<(string Left, string Right)>();
        while (learned.Count < merges && MostFrequentPair(words) is { } pair)
        {
            learned.Add(pair);
            foreach (var (pieces, _) in words) Merge(pieces, pair);
        }

        var bytes = ByteAlphabet.Pieces.Select(entry => entry.Piece).ToList();
        string[] all =
        [
            .. bytes, .. bytes.Select(piece => piece + ByteAlphabet.EndOfWord), .. learned.Select(merge => merge.Left + merge.Right).Distinct(),
            SpecialsOnly.StartOfText, SpecialsOnly.EndOfText,
        ];
        return new Vocabulary(all.Select((piece, id) => (piece, id)).ToDictionary(entry => entry.piece, entry => entry.id), learned);
    }

    private static List<string> Words(string text)
    {
        ReadOnlySpan<char> rest = TextCleaner.Clean(text);
        var words = new List<string>();
        while (WordSplitter.Next(ref rest, SpecialsOnly) is { IsEmpty: false } word) words.Add(word.ToString());
        return words;
    }

    private static List<string> Pieces(string word)
    {
        var alphabet = ByteAlphabet.Pieces.ToDictionary(entry => entry.Byte, entry => entry.Piece);
        var pieces = Encoding.UTF8.GetBytes(word).Select(value => alphabet[value]).ToList();
        pieces[^1] += ByteAlphabet.EndOfWord;
        return pieces;
    }

    /// <summary>Null once every word is one piece; among equals the first in ordinal order, so that the result is one.</summary>
    private static (string Left, string Right)? MostFrequentPair(List<(List<string> Pieces, int Count)> words)
    {
        var counts = new Dictionary<(string, string), int>();
        foreach (var (pieces, count) in words)
            foreach (var pair in pieces.Zip(pieces.Skip(1))) counts[pair] = counts.GetValueOrDefault(pair) + count;
        if (counts.Count == 0) return null;
        return counts
            .OrderByDescending(entry => entry.Value)
            .ThenBy(entry => entry.Key.Item1, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.Item2, StringComparer.Ordinal)
            .First().Key;
    }

    private static void Merge(List<string> pieces, (string Left, string Right) pair)
    {
        for (var at = 0; at + 1 < pieces.Count; at++)
        {
            if (pieces[at] != pair.Left || pieces[at + 1] != pair.Right) continue;
            pieces[at] += pair.Right;
            pieces.RemoveAt(at + 1);
        }
    }
}
