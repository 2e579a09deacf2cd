namespace TaskRes.Core.Clip;

/// <summary>Texts' token ids side by side: cut after their ends of text and padded to a common length.</summary>
internal sealed class TokenBatch
{
    private TokenBatch(long[] ids, long[] endOfText)
    {
        Ids = ids;
        EndOfText = endOfText;
    }

    /// <summary>texts × length, row-major.</summary>
    public long[] Ids { get; }

    /// <summary>The place of each row's end of text.</summary>
    public long[] EndOfText { get; }

    public int Length => Ids.Length / EndOfText.Length;

    /// <summary>Texts as the model reads them: padded to the context length where it reads the padding too.</summary>
    /// <exception cref="TaskResException"><see cref="ErrorReason.InvalidField"/>: a text is empty, lacks the end, or holds
    /// ids that are not in the vocabulary. <see cref="ErrorReason.LimitExceeded"/>: it is over the context length.</exception>
    public static TokenBatch Of(IReadOnlyList<int[]> texts, int first, int count, ClipConfig config)
    {
        if (config.Padding is { } padding) return Padded(texts, first, count, config, padding);
        var ends = new long[count];
        for (var i = 0; i < count; i++) ends[i] = FindEnd(texts[first + i], $"ids[{first + i}]", config);

        var length = (int)ends.Max() + 1;
        var ids = new long[count * length];
        for (var i = 0; i < count; i++)
            for (var place = 0; place <= ends[i]; place++) ids[i * length + place] = texts[first + i][place];
        return new TokenBatch(ids, ends);
    }

    private static TokenBatch Padded(IReadOnlyList<int[]> texts, int first, int count, ClipConfig config, int padding)
    {
        var (length, ids) = (config.ContextLength, new long[count * config.ContextLength]);
        Array.Fill(ids, padding);
        for (var i = 0; i < count; i++)
        {
            var (text, field) = (texts[first + i], $"ids[{first + i}]");
            if (text.Length == 0) throw TaskResException.Invalid(field, "there are no tokens.");
            if (text.Length > length) throw TaskResException.OverLimit(field, text.Length, length, "tokens");
            RequireKnown(text, field, config);
            for (var place = 0; place < text.Length; place++) ids[(i * length) + place] = text[place];
        }

        return new TokenBatch(ids, [.. Enumerable.Repeat(length - 1L, count)]);
    }

    private static int FindEnd(int[] ids, string field, ClipConfig config)
    {
        if (ids.Length == 0) throw TaskResException.Invalid(field, "there are no tokens.");
        var end = Array.IndexOf(ids, config.EndOfText ?? ids.Max());
        if (end < 0) throw TaskResException.Invalid(field, $"the end-of-text id {config.EndOfText} is not among the tokens.");
        if (end >= config.ContextLength) throw TaskResException.OverLimit(field, end + 1, config.ContextLength, "tokens");
        RequireKnown(ids.AsSpan(0, end + 1), field, config);
        return end;
    }

    private static void RequireKnown(ReadOnlySpan<int> ids, string field, ClipConfig config)
    {
        foreach (var id in ids)
            if (id < 0 || id >= config.VocabularySize)
                throw TaskResException.Invalid(field, $"the id {id} is not in the vocabulary of {config.VocabularySize}.");
    }
}
