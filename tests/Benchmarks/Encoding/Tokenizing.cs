using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using TaskRes.Core.Text;

namespace TaskRes.Benchmarks.Encoding;

/// <summary>
/// Captions to ids beside Microsoft.ML.Tokenizers. The neighbour is given text that needs no cleaning; ours cleans, as it
/// always does.
/// </summary>
internal static partial class Tokenizing
{
    // The runtime compiles what is hot again, in the background: as many rounds as that takes do not count.
    private const int WarmUps = 20, Repetitions = 7, Captions = 50_000, Words = 4_000, ContextLength = 77;

    public static IReadOnlyList<Measurement> Run()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "bundled");
        var ours = ClipTokenizer.Load(folder);
        var neighbour = BpeTokenizer.Create(new BpeOptions(Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"))
        {
            ByteLevel = true,
            EndOfWordSuffix = "</w>",
            PreTokenizer = new RegexPreTokenizer(Word(), specialTokens: null),
        });
        var captions = Write(new Random(1));
        foreach (var caption in captions)
            if (!ours.Encode(caption, ContextLength)[1..^1].SequenceEqual(neighbour.EncodeToIds(caption)))
                throw new InvalidOperationException($"The neighbour takes '{caption}' for something else.");

        var runs = Enumerable.Range(0, WarmUps + Repetitions).Select(_ =>
            (Rate(captions, caption => ours.Encode(caption, ContextLength).Length), Rate(captions, caption => neighbour.EncodeToIds(caption).Count))).ToArray();
        return [Measurement.AtLeast("tokenizer: captions", "texts/s", "Microsoft.ML.Tokenizers", 3, runs[WarmUps..])];
    }

    private static double Rate(string[] captions, Func<string, int> encode)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var caption in captions) encode(caption);
        return captions.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Few words are frequent and many are rare.</summary>
    private static string[] Write(Random random)
    {
        string Syllable() => $"{"bcdfghklmnprstvw"[random.Next(16)]}{"aeiou"[random.Next(5)]}{(random.Next(3) == 0 ? "nrst"[random.Next(4)] : "")}";
        string[] lexicon = [.. Enumerable.Range(0, Words).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Syllable())))];
        return [.. Enumerable.Range(0, Captions).Select(_ =>
            $"a photo of {string.Join(' ', Enumerable.Range(0, random.Next(3, 10)).Select(_ => lexicon[(int)(Words * Math.Pow(random.NextDouble(), 3))]))}, {random.Next(100)}.")];
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+")]
    private static partial Regex Word();
}
