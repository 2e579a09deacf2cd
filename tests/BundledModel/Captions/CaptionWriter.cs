using TaskRes.BundledModel.Emojis;

namespace TaskRes.BundledModel.Captions;

/// <summary>Varied captions: mostly names, also subgroups and groups.</summary>
internal static class CaptionWriter
{
    private static readonly string[] NameTemplates =
    [
        "{}", "{}", "a photo of a {}.", "a photo of {}.", "a picture of a {}.", "a picture of {}", "an image of a {}",
        "an emoji of a {}.", "an emoji of {}", "the {} emoji", "a drawing of a {}.", "a small {}.", "a blurry photo of a {}.",
        "an icon of a {}", "this is a {}.", "a bad photo of the {}.", "art of the {}.", "a {} on a coloured background",
    ];

    private static readonly string[] GroupTemplates =
    [
        "{}", "something of the kind {}", "an emoji of the group {}.", "a picture of something from {}.", "a photo of {}.", "an emoji about {}",
    ];

    private static readonly string[] BothTemplates = ["a photo of a {}, a type of {}.", "{}, {}", "an emoji of a {}, from {}."];

    public static Caption Write(Emoji emoji, Random random) => random.Next(100) switch
    {
        < 68 => new Caption(Fill(Pick(NameTemplates, random), emoji.Name), CaptionScope.Name, emoji),
        < 78 => new Caption(Fill(Pick(BothTemplates, random), emoji.Name, random.Next(2) == 0 ? emoji.Group : emoji.Subgroup), CaptionScope.Name, emoji),
        < 88 => new Caption(Fill(Pick(GroupTemplates, random), emoji.Subgroup), CaptionScope.Subgroup, emoji),
        _ => new Caption(Fill(Pick(GroupTemplates, random), emoji.Group), CaptionScope.Group, emoji),
    };

    /// <summary>The texts a vocabulary is learned from: each name and group with every template.</summary>
    public static IEnumerable<string> Corpus(IReadOnlyList<Emoji> emojis) =>
    [
        .. emojis.Select(emoji => emoji.Name), .. emojis.Select(emoji => emoji.Subgroup), .. emojis.Select(emoji => emoji.Group),
        .. NameTemplates, .. GroupTemplates, .. BothTemplates,
    ];

    private static string Fill(string template, params ReadOnlySpan<string> words)
    {
        var parts = template.Split("{}");
        var text = parts[0];
        for (var i = 0; i < words.Length; i++) text += words[i] + parts[i + 1];
        return text;
    }

    private static string Pick(string[] templates, Random random) => templates[random.Next(templates.Length)];
}
