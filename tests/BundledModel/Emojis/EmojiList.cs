using System.Globalization;

namespace TaskRes.BundledModel.Emojis;

/// <summary>Reads Unicode's <c>emoji-test.txt</c> (UTS #51).</summary>
internal static class EmojiList
{
    private const string GroupMark = "# group: ", SubgroupMark = "# subgroup: ", EmojiPresentation = "FE0F";

    /// <summary>The fully qualified emoji of one code point: sequences would need a shaper, and skin tones share a name's meaning.</summary>
    public static IReadOnlyList<Emoji> Read(string path)
    {
        var emojis = new List<Emoji>();
        var (group, subgroup) = ("", "");
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith(GroupMark, StringComparison.Ordinal)) group = Words(line[GroupMark.Length..]);
            else if (line.StartsWith(SubgroupMark, StringComparison.Ordinal)) subgroup = Words(line[SubgroupMark.Length..]).Replace('-', ' ');
            else if (Parse(line, group, subgroup) is { } emoji) emojis.Add(emoji);
        }
        return emojis;
    }

    /// <summary>A line such as <c>1F34E ; fully-qualified # 🍎 E0.6 red apple</c>; null for all that is not wanted.</summary>
    private static Emoji? Parse(string line, string group, string subgroup)
    {
        if (line.StartsWith('#') || line.Split(';', 2) is not [var codes, var rest]) return null;
        if (rest.Split('#', 2) is not [var status, var comment] || status.Trim() != "fully-qualified") return null;
        if (codes.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var code, .. var more] || more is not ([] or [EmojiPresentation])) return null;

        var name = string.Join(' ', comment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(2)); // the emoji, its version
        return new Emoji(int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture), Words(name), group, subgroup);
    }

    private static string Words(string text) => text.Trim().ToLowerInvariant();
}
