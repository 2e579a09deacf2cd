namespace TaskRes.BundledModel.Emojis;

/// <summary>The emoji that are trained on, and those the model never sees.</summary>
internal sealed record EmojiSplit(IReadOnlyList<Emoji> Trained, IReadOnlyList<Emoji> Unseen)
{
    private const double UnseenShare = 0.15;

    /// <summary>Of its own, so that no other setting moves an emoji from one side to the other.</summary>
    private const int Seed = 20240517;

    public static EmojiSplit Of(IReadOnlyList<Emoji> emojis)
    {
        var shuffled = emojis.ToArray();
        new Random(Seed).Shuffle(shuffled);
        var unseen = (int)(shuffled.Length * UnseenShare);
        return new EmojiSplit(shuffled[unseen..], shuffled[..unseen]);
    }
}
