namespace TaskRes.BundledModel.Emojis;

/// <summary>One emoji: what is drawn, and what it is called.</summary>
/// <param name="CodePoint">The single code point whose glyph is drawn.</param>
/// <param name="Name">The CLDR short name in lower case, such as <c>red apple</c>.</param>
/// <param name="Group">Such as <c>food &amp; drink</c>.</param>
/// <param name="Subgroup">Such as <c>food fruit</c>.</param>
internal sealed record Emoji(int CodePoint, string Name, string Group, string Subgroup)
{
    public string Text => char.ConvertFromUtf32(CodePoint);

    /// <summary>Whether its mirror image means the same: arrows, letters and clock faces have a left and a right.</summary>
    public bool MayBeMirrored => Group is not ("symbols" or "flags") && Subgroup is not ("time" or "hand fingers");
}
