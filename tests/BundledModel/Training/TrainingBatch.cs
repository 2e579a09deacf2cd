namespace TaskRes.BundledModel.Training;

/// <summary>B images and their captions, ready for the towers.</summary>
/// <param name="Pixels">B×3×S×S, normalised.</param>
/// <param name="TokenIds">A row of ids for each caption.</param>
/// <param name="FalseNegatives">B×B, row-major: image i is described by caption j of another emoji.</param>
internal sealed record TrainingBatch(float[] Pixels, IReadOnlyList<int[]> TokenIds, bool[] FalseNegatives)
{
    public int Count => TokenIds.Count;
}
