using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.V1;

namespace TaskRes.Platform.Wire;

/// <summary>The priority of a request.</summary>
public static class WirePriority
{
    public static Priority From(EmbeddingPriority priority) => priority == EmbeddingPriority.Bulk ? Priority.Bulk : Priority.Interactive;

    /// <param name="unspecified">What is meant where nothing is said.</param>
    /// <exception cref="TaskResException">InvalidField.</exception>
    public static EmbeddingPriority Parse(Priority priority, EmbeddingPriority unspecified) => priority switch
    {
        Priority.Unspecified => unspecified,
        Priority.Interactive => EmbeddingPriority.Interactive,
        Priority.Bulk => EmbeddingPriority.Bulk,
        _ => throw TaskResException.Invalid("priority", $"{(int)priority} is none: give PRIORITY_INTERACTIVE or PRIORITY_BULK, or leave it out."),
    };
}
