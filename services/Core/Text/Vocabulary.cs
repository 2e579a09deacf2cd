using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TaskRes.Core.Text;

/// <summary>Pieces and their ids, merges in the order of their rank, and the two special tokens of CLIP.</summary>
internal sealed record Vocabulary(IReadOnlyDictionary<string, int> Ids, IReadOnlyList<(string Left, string Right)> Merges)
{
    // OpenAI's and Hugging Face's spelling, then OpenCLIP's.
    private static readonly string[] StartNames = ["<|startoftext|>", "<start_of_text>"];
    private static readonly string[] EndNames = ["<|endoftext|>", "<end_of_text>"];

    public string StartOfText { get; } = StartNames.FirstOrDefault(Ids.ContainsKey) ?? "";

    public string EndOfText { get; } = EndNames.FirstOrDefault(Ids.ContainsKey) ?? "";

    /// <summary>Refuses what would let text end in pieces that have no id, or in ids that mean two things.</summary>
    public Vocabulary Checked(string path)
    {
        if (StartOfText.Length == 0 || EndOfText.Length == 0)
            throw TokenizerFault.Of(path, $"the special tokens {StartNames[0]} and {EndNames[0]} are not both in the vocabulary; is it CLIP's?");

        var byId = new Dictionary<int, string>();
        foreach (var (piece, id) in Ids)
        {
            if (id < 0) throw TokenizerFault.Of(path, $"the piece \"{piece}\" has the negative id {id}");
            if (!byId.TryAdd(id, piece)) throw TokenizerFault.Of(path, $"the id {id} stands for both \"{byId[id]}\" and \"{piece}\"");
        }

        foreach (var (_, piece) in ByteAlphabet.Pieces)
            if (!Ids.ContainsKey(piece) || !Ids.ContainsKey(piece + ByteAlphabet.EndOfWord))
                throw TokenizerFault.Of(path, $"the vocabulary lacks the byte piece \"{piece}\" or \"{piece}{ByteAlphabet.EndOfWord}\"");

        var seen = new HashSet<(string, string)>();
        for (var rank = 0; rank < Merges.Count; rank++)
        {
            var (left, right) = Merges[rank];
            if (!seen.Add((left, right))) throw TokenizerFault.Of(path, $"merge {rank}, \"{left} {right}\", is there twice");
            foreach (var piece in (ReadOnlySpan<string>)[left, right, left + right])
                if (!Ids.ContainsKey(piece))
                    throw TokenizerFault.Of(path, $"merge {rank}, \"{left} {right}\", needs the piece \"{piece}\", which the vocabulary lacks");
        }
        return this;
    }

    /// <summary>Lower-case hex SHA-256 of the pieces by id, then the merges by rank: the same for every kind of file.</summary>
    public string Fingerprint()
    {
        var canonical = new StringBuilder();
        foreach (var (piece, id) in Ids.OrderBy(entry => entry.Value))
            canonical.Append(CultureInfo.InvariantCulture, $"{id} {piece}\n");
        canonical.Append('\n');
        foreach (var (left, right) in Merges) canonical.Append(CultureInfo.InvariantCulture, $"{left} {right}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
    }
}
