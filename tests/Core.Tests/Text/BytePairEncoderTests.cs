using System.Text;
using TaskRes.Core.Text;

namespace TaskRes.Core.Tests.Text;

public sealed class BytePairEncoderTests
{
    /// <summary>Merges at random, in an order that no training would give, against the textbook's quadratic algorithm.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Encode_RandomMerges_EqualToTheTextbook(int seed)
    {
        var random = new Random(seed);
        var pieces = new List<string> { "a", "b", "c", "a</w>", "b</w>", "c</w>" };
        var merges = new List<(string Left, string Right)>();
        while (merges.Count < 40)
        {
            var (left, right) = (pieces[random.Next(pieces.Count)], pieces[random.Next(pieces.Count)]);
            if (left.EndsWith("</w>", StringComparison.Ordinal) || merges.Contains((left, right))) continue;
            merges.Add((left, right));
            pieces.Add(left + right);
        }
        merges = [.. merges.OrderBy(_ => random.Next())];
        var ids = TokenizerFolder.Vocabulary([]);
        foreach (var (left, right) in merges) ids.TryAdd(left + right, ids.Count);
        var encoder = new BytePairEncoder(new Vocabulary(ids, merges));

        for (var round = 0; round < 300; round++)
        {
            var word = string.Concat(Enumerable.Range(0, random.Next(1, 90)).Select(_ => (char)('a' + random.Next(3))));
            Assert.Equal(Textbook(word, merges).Select(piece => ids[piece]), encoder.Encode(word).ToArray());
        }
    }

    [Fact]
    public void Encode_WordBeyondAscii_Utf8BytesAndEnd()
    {
        var ids = TokenizerFolder.Vocabulary([]);
        var pieces = ByteAlphabet.Pieces.ToDictionary(entry => entry.Byte, entry => entry.Piece);
        var bytes = Encoding.UTF8.GetBytes("é😀");
        Assert.Equal(
            bytes.Select((value, i) => ids[pieces[value] + (i == bytes.Length - 1 ? "</w>" : "")]),
            new BytePairEncoder(new Vocabulary(ids, [])).Encode("é😀").ToArray());
    }

    [Fact]
    public void Encode_MoreWordsThanAreKeptFromManyThreads_EqualToEachAlone()
    {
        var ids = TokenizerFolder.Vocabulary([]);
        var random = new Random(4);
        string[] words = [.. Enumerable.Range(0, 50_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => (char)('a' + random.Next(26)))))];
        var encoder = new BytePairEncoder(new Vocabulary(ids, []));
        int[] Expected(string word) => [.. word.Select((letter, i) => ids[i == word.Length - 1 ? $"{letter}</w>" : $"{letter}"])];

        for (var round = 0; round < 2; round++)
            Parallel.ForEach(words, word => Assert.Equal(Expected(word), encoder.Encode(word).ToArray()));
    }

    private static List<string> Textbook(string word, List<(string Left, string Right)> merges)
    {
        List<string> pieces = [.. word.Select(letter => $"{letter}")];
        pieces[^1] += "</w>";
        while (true)
        {
            var best = merges.FindIndex(merge => Enumerable.Range(0, pieces.Count - 1).Any(i => (pieces[i], pieces[i + 1]) == merge));
            if (best < 0) return pieces;
            var merged = new List<string>();
            for (var i = 0; i < pieces.Count; i++)
            {
                var isPair = i + 1 < pieces.Count && (pieces[i], pieces[i + 1]) == merges[best];
                merged.Add(isPair ? pieces[i] + pieces[++i] : pieces[i]);
            }
            pieces = merged;
        }
    }
}
