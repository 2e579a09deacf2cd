using System.IO.Compression;
using System.Text;
using System.Text.Json;
using TaskRes.Core.Text;

namespace TaskRes.Core.Tests.Text;

/// <summary>A small tokenizer, its files written in any of the kinds to a folder that is removed again.</summary>
internal sealed class TokenizerFolder : IDisposable
{
    public const string OpenAi = "bpe_simple_vocab_16e6.txt";

    public static readonly string[] Merges = ["l o", "lo w</w>", "e r</w>", "n e", "ne w</w>", "a b", "ab c</w>", "t h", "th e</w>"];

    public string Path { get; } = Directory.CreateTempSubdirectory("taskres-tokenizer-").FullName;

    public static Dictionary<string, int> Vocabulary(IEnumerable<string> merges)
    {
        var bytes = ByteAlphabet.Pieces.Select(entry => entry.Piece).ToList();
        string[] pieces = [.. bytes, .. bytes.Select(piece => piece + "</w>"), .. merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)),
            "<|startoftext|>", "<|endoftext|>"];
        return pieces.Select((piece, id) => (piece, id)).ToDictionary(entry => entry.piece, entry => entry.id);
    }

    public TokenizerFolder WithPair(IEnumerable<string>? merges = null, object? vocabulary = null)
    {
        merges ??= Merges;
        Write("merges.txt", string.Join('\n', merges.Prepend("#version: 0.2")));
        return Write("vocab.json", JsonSerializer.Serialize(vocabulary ?? Vocabulary(merges)));
    }

    public TokenizerFolder WithOpenAi() =>
        Write(OpenAi, string.Join('\n', Merges.Prepend("\"bpe_simple_vocab_16e6.txt#version: 0.2")));

    public TokenizerFolder WithZippedOpenAi()
    {
        using var file = File.Create(System.IO.Path.Combine(Path, OpenAi + ".gz"));
        using var zip = new GZipStream(file, CompressionLevel.Fastest);
        zip.Write(Encoding.UTF8.GetBytes(string.Join('\n', Merges.Prepend("\"bpe_simple_vocab_16e6.txt#version: 0.2"))));
        return this;
    }

    public TokenizerFolder WithSingle(bool pairs = false, string type = "BPE", string suffix = "</w>")
    {
        var vocabulary = Vocabulary(Merges);
        var specials = vocabulary.Where(entry => entry.Key.StartsWith("<|", StringComparison.Ordinal)).ToList();
        object merges = pairs ? Merges.Select(merge => merge.Split(' ')) : Merges;
        return Write("tokenizer.json", JsonSerializer.Serialize(new
        {
            added_tokens = specials.Select(special => new { id = special.Value, content = special.Key, special = true }),
            model = new { type, end_of_word_suffix = suffix, vocab = vocabulary.Except(specials).ToDictionary(), merges },
        }));
    }

    public TokenizerFolder Write(string name, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), text);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
