using System.Text.Json;

namespace TaskRes.Core.Text;

/// <summary>Reads the parts of Hugging Face's <c>tokenizer.json</c> that make a CLIP tokenizer, and refuses other kinds.</summary>
internal static class TokenizerJson
{
    public static Vocabulary Read(string path, JsonElement root, JsonElement model)
    {
        var kind = Text(model, "type") ?? "BPE";
        if (kind != "BPE") throw TokenizerFault.Of(path, $"a {kind} tokenizer; CLIP's is of the kind BPE");
        var suffix = Text(model, "end_of_word_suffix");
        if (suffix != ByteAlphabet.EndOfWord)
            throw TokenizerFault.Of(path, $"model.end_of_word_suffix is \"{suffix}\"; CLIP's is \"{ByteAlphabet.EndOfWord}\"");
        if (!model.TryGetProperty("vocab", out var vocabulary)) throw TokenizerFault.Of(path, "model.vocab is missing");
        if (!model.TryGetProperty("merges", out var merges)) throw TokenizerFault.Of(path, "model.merges is missing");

        var ids = Pieces(path, vocabulary);
        AddSpecials(path, root, ids);
        return new Vocabulary(ids, MergeList.FromJson(path, merges));
    }

    /// <summary>A vocabulary: an object whose names are pieces and whose values are ids.</summary>
    public static Dictionary<string, int> Pieces(string path, JsonElement vocabulary)
    {
        if (vocabulary.ValueKind != JsonValueKind.Object)
            throw TokenizerFault.Of(path, "the vocabulary is not an object of pieces and ids");
        var ids = new Dictionary<string, int>();
        foreach (var entry in vocabulary.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var id))
                throw TokenizerFault.Of(path, $"the piece \"{entry.Name}\" has no whole number as its id");
            if (!ids.TryAdd(entry.Name, id)) throw TokenizerFault.Of(path, $"the piece \"{entry.Name}\" is there twice");
        }
        return ids;
    }

    private static void AddSpecials(string path, JsonElement root, Dictionary<string, int> ids)
    {
        if (!root.TryGetProperty("added_tokens", out var added)) return;
        if (added.ValueKind != JsonValueKind.Array) throw TokenizerFault.Of(path, "added_tokens is not a list");
        foreach (var token in added.EnumerateArray())
        {
            if (token.ValueKind != JsonValueKind.Object || Text(token, "content") is not { } content
                || !token.TryGetProperty("id", out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out var id))
                throw TokenizerFault.Of(path, "an entry of added_tokens lacks its content or its id");
            if (!ids.TryAdd(content, id) && ids[content] != id)
                throw TokenizerFault.Of(path, $"\"{content}\" has the id {ids[content]} in the vocabulary and {id} in added_tokens");
        }
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
