using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>A new task: what is to be told apart, and from what its base classifier is made.</summary>
public sealed record CreateTaskOptions
{
    /// <summary>1–63 characters of a–z, 0–9 and -.</summary>
    public required string TaskId { get; init; }

    /// <summary>2–5,000 distinct names; their order is the order of the class indices.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Prompts with one <c>{}</c> each for the class name; none means "a photo of a {}.".</summary>
    public IReadOnlyList<string> Templates { get; init; } = [];

    /// <summary>Prompts unless said otherwise; class means for classes without useful names.</summary>
    public BaseKind BaseKind { get; init; } = BaseKind.Prompts;
}
