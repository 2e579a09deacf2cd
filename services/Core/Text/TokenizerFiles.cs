using System.IO.Compression;
using System.Text.Json;

namespace TaskRes.Core.Text;

/// <summary>
/// Finds and reads tokenizer files: Hugging Face's <c>tokenizer.json</c>, the pair <c>vocab.json</c> and
/// <c>merges.txt</c>, or OpenAI's list of merges, from which the vocabulary follows.
/// </summary>
internal static class TokenizerFiles
{
    private const string Single = "tokenizer.json", Pieces = "vocab.json", Merges = "merges.txt";

    // OpenAI's file lists more merges than CLIP's 49,408 ids (two specials and twice the bytes among them) have room for.
    private const int OpenAiMerges = 49408 - 2 - 2 * 256;

    private static readonly string[] OpenAi = ["bpe_simple_vocab_16e6.txt", "bpe_simple_vocab_16e6.txt.gz"];

    public static bool IsPresent(string folder) => Find(folder) is not null;

    /// <summary>Reads the tokenizer of a folder, or the one that a file is part of.</summary>
    /// <exception cref="TaskResException">TokenizerInvalid: absent, unreadable, of another kind, or at odds with itself.</exception>
    public static Vocabulary Read(string path)
    {
        if (Directory.Exists(path))
            path = Find(path) ?? throw TokenizerFault.Of(path,
                $"the folder holds no tokenizer: put {Single}, {Pieces} with {Merges}, or {OpenAi[0]}[.gz] there");
        try
        {
            return ReadFile(path).Checked(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw TokenizerFault.Of(path, $"the file cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }
        catch (JsonException fault)
        {
            throw TokenizerFault.Of(path, $"not JSON at line {fault.LineNumber + 1}", fault);
        }
    }

    private static string? Find(string folder)
    {
        string[] candidates = [Single, Pieces, .. OpenAi];
        return candidates.Select(name => Path.Combine(folder, name))
            .FirstOrDefault(path => File.Exists(path) && (Path.GetFileName(path) != Pieces || File.Exists(Beside(path, Merges))));
    }

    private static Vocabulary ReadFile(string path)
    {
        var isJson = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (!isJson && File.Exists(Beside(path, Pieces))) return ReadFile(Beside(path, Pieces));
        if (!isJson) return FromMerges(MergeList.FromLines(path, Lines(path), OpenAiMerges));

        using var json = StrictJson.Parse(File.ReadAllBytes(path));
        var root = json.RootElement;
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.Object)
            return TokenizerJson.Read(path, root, model);
        return new Vocabulary(TokenizerJson.Pieces(path, root), MergeList.FromLines(path, Lines(Beside(path, Merges)), int.MaxValue));
    }

    private static Vocabulary FromMerges(IReadOnlyList<(string Left, string Right)> merges)
    {
        var bytes = ByteAlphabet.Pieces.Select(entry => entry.Piece).ToArray();
        string[] pieces =
        [
            .. bytes, .. bytes.Select(piece => piece + ByteAlphabet.EndOfWord),
            .. merges.Select(merge => merge.Left + merge.Right), "<|startoftext|>", "<|endoftext|>",
        ];
        var ids = new Dictionary<string, int>();
        // A piece that two merges make has the later id, as in OpenAI's code.
        for (var id = 0; id < pieces.Length; id++) ids[pieces[id]] = id;
        return new Vocabulary(ids, merges);
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static string Beside(string path, string name) => Path.Combine(Path.GetDirectoryName(path) ?? "", name);
}
