using TaskRes.Core.Text;

namespace TaskRes.Core.Clip;

/// <summary>Finds a model's tokenizer and sees that the two fit.</summary>
internal static class ModelTokenizer
{
    /// <returns>Null where none was named and none lies beside the weights.</returns>
    /// <exception cref="TaskResException"><see cref="ErrorReason.TokenizerInvalid"/>: the files are absent or damaged, or
    /// their vocabulary is not the model's.</exception>
    public static ITextTokenizer? Find(string? path, string folder, ClipConfig config)
    {
        if (config.Padding is not null) return FindSentencePiece(path, folder, config);
        if (path is null && !ClipTokenizer.IsPresent(folder)) return null;
        var tokenizer = ClipTokenizer.Load(path ?? folder);
        if (tokenizer.VocabularySize != config.VocabularySize)
            throw Unfit(path ?? folder, "vocabulary", tokenizer.VocabularySize, config.VocabularySize);
        if (config.EndOfText is { } end && tokenizer.EndOfText != end)
            throw Unfit(path ?? folder, "end-of-text id", tokenizer.EndOfText, end);
        return tokenizer;
    }

    private static SentencePieceTextTokenizer? FindSentencePiece(string? path, string folder, ClipConfig config)
    {
        if (path is null && !SentencePieceTextTokenizer.IsPresent(folder)) return null;
        var tokenizer = SentencePieceTextTokenizer.Load(path ?? folder);
        return tokenizer.VocabularySize == config.VocabularySize ? tokenizer : throw Unfit(path ?? folder, "vocabulary", tokenizer.VocabularySize, config.VocabularySize);
    }

    public static TaskResException Absent(string model) => new(
        ErrorReason.TokenizerInvalid,
        $"{model}: no tokenizer lies beside the weights; name the folder of its files (--tokenizer DIR) to encode texts.")
    {
        Field = "tokenizer",
        Metadata = new Dictionary<string, string> { ["model"] = model },
    };

    private static TaskResException Unfit(string path, string what, int actual, int wanted) => new(
        ErrorReason.TokenizerInvalid, $"{path}: the tokenizer's {what} is {actual}, the model's {wanted}: it belongs to another model.")
    {
        Field = "tokenizer",
        Metadata = new Dictionary<string, string> { ["tokenizer"] = $"{actual}", ["model"] = $"{wanted}" },
    };
}
