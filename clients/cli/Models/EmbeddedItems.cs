using TaskRes.Core;

namespace TaskRes.Cli.Models;

/// <summary>Embeddings in the order of what was embedded.</summary>
/// <param name="Rows">D values each; null where that item failed.</param>
/// <param name="Fingerprint">Of the encoder.</param>
/// <param name="Faults">By the item's place.</param>
internal sealed record EmbeddedItems(float[]?[] Rows, string Fingerprint, IReadOnlyDictionary<int, TaskResException> Faults)
{
    /// <summary>Features none of which failed.</summary>
    public static EmbeddedItems Whole(float[][] rows, string fingerprint) => new(rows, fingerprint, new Dictionary<int, TaskResException>());
}
