namespace TaskRes.BundledModel;

/// <summary>What all is drawn from, where Debian's packages put it.</summary>
internal sealed record SourceFiles
{
    /// <summary>From unicode-data.</summary>
    public string EmojiTest { get; init; } = "/usr/share/unicode/emoji/emoji-test.txt";

    /// <summary>From fonts-noto-color-emoji.</summary>
    public string EmojiFont { get; init; } = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf";

    /// <summary>From fonts-symbola.</summary>
    public string OutlineFont { get; init; } = "/usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf";
}
