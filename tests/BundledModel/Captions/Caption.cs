using TaskRes.BundledModel.Emojis;

namespace TaskRes.BundledModel.Captions;

/// <summary>How much a caption tells, which decides whom it is true of.</summary>
internal enum CaptionScope { Name, Subgroup, Group }

/// <summary>A text about an emoji.</summary>
internal sealed record Caption(string Text, CaptionScope Scope, Emoji Subject)
{
    /// <summary>Whether it is true of another emoji too: such a pair is no negative.</summary>
    public bool Describes(Emoji other) => Scope switch
    {
        CaptionScope.Group => other.Group == Subject.Group,
        CaptionScope.Subgroup => other.Subgroup == Subject.Subgroup,
        _ => other == Subject,
    };
}
