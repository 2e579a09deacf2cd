namespace TaskRes.Core.Learning.Evidence;

/// <summary>A part of the examples held out, and those that are trained on without it.</summary>
/// <param name="Train">Indices of examples.</param>
/// <param name="HeldOut">The others', but for those of classes that have nothing to spare.</param>
internal sealed record Fold(int[] Train, int[] HeldOut);

/// <summary>Stratified folds, grouped by source image.</summary>
internal static class Folds
{
    /// <summary>
    /// Deals each class's pictures to the folds in turn. A class of a single picture is never held out: what had never seen it
    /// would be blamed for that.
    /// </summary>
    /// <param name="support">The examples.</param>
    /// <param name="count">At most so many folds, 2 or more.</param>
    /// <param name="seed">Fixes who goes where.</param>
    /// <returns>None where no example can be held out.</returns>
    public static IReadOnlyList<Fold> Of(SupportSet support, int count, ulong seed)
    {
        var groups = ImageGroups.Of(support.Views[0]);
        var byClass = Enumerable.Range(0, support.Count).GroupBy(example => support.Labels[example]).OrderBy(group => group.Key)
            .Select(@class => @class.Select(example => (long)groups[example]).Distinct().ToArray()).ToList();
        var folds = Math.Min(count, byClass.Max(pictures => pictures.Length));
        if (folds < 2) return [];

        var random = new SeededRandom(seed);
        var foldOf = new Dictionary<long, int>();
        var next = 0;
        foreach (var pictures in byClass.Where(pictures => pictures.Length >= 2))
        {
            random.Shuffle(pictures);
            // A class of fewer pictures than folds takes turns with the others as to which folds it is absent from.
            foreach (var picture in pictures) foldOf.TryAdd(picture, next++ % folds);
        }

        return [.. Enumerable.Range(0, folds).Select(fold => Split(groups, foldOf, fold)).Where(fold => fold.HeldOut.Length > 0)];
    }

    private static Fold Split(int[] groups, Dictionary<long, int> foldOf, int fold)
    {
        var heldOut = Enumerable.Range(0, groups.Length).ToLookup(example => foldOf.TryGetValue(groups[example], out var own) && own == fold);
        return new Fold([.. heldOut[false]], [.. heldOut[true]]);
    }
}
