namespace TaskRes.Core.Learning.Evidence;

/// <summary>A part of the examples held out, and those that are trained on without it.</summary>
/// <param name="Train">Indices of examples.</param>
/// <param name="HeldOut">
/// Others', one of each picture: copies are not trained on, and would count for more than they tell. None of classes that have
/// nothing to spare.
/// </param>
internal sealed record Fold(int[] Train, int[] HeldOut);

/// <summary>Stratified folds, grouped by source image.</summary>
internal static class Folds
{
    /// <summary>
    /// Deals each class's pictures to the folds in turn. A class of a single picture is never held out: what had never seen it
    /// would be blamed for that. Nor is a picture that has two labels: either would tell on the other.
    /// </summary>
    /// <param name="support">The examples.</param>
    /// <param name="count">At most so many folds, 2 or more.</param>
    /// <param name="seed">Fixes who goes where.</param>
    /// <returns>None where no example can be held out.</returns>
    public static IReadOnlyList<Fold> Of(SupportSet support, int count, ulong seed)
    {
        var groups = ImageGroups.Of(support.Views[0]);
        var pictures = groups.Zip(support.Labels, (picture, label) => (Picture: (long)picture, Label: label)).Distinct().ToList();
        var ambiguous = pictures.CountBy(picture => picture.Picture).Where(pair => pair.Value > 1).Select(pair => pair.Key).ToHashSet();
        var byClass = pictures.GroupBy(picture => picture.Label, picture => picture.Picture).Where(own => own.Count() >= 2).OrderBy(own => own.Key)
            .Select(own => own.Where(picture => !ambiguous.Contains(picture)).ToArray()).ToList();
        var folds = Math.Min(count, byClass.Select(own => own.Length).DefaultIfEmpty().Max());
        if (folds < 2) return [];

        var random = new SeededRandom(seed);
        var foldOf = new Dictionary<long, int>();
        var next = 0;
        foreach (var own in byClass)
        {
            random.Shuffle(own);
            // A class of fewer pictures than folds takes turns with the others as to which folds it is absent from.
            foreach (var picture in own) foldOf.Add(picture, next++ % folds);
        }

        return [.. Enumerable.Range(0, folds).Select(fold => Split(groups, foldOf, fold)).Where(fold => fold.HeldOut.Length > 0)];
    }

    private static Fold Split(int[] groups, Dictionary<long, int> foldOf, int fold)
    {
        var ofFold = Enumerable.Range(0, groups.Length).ToLookup(example => foldOf.TryGetValue(groups[example], out var own) && own == fold);
        return new Fold([.. ofFold[false]], [.. ofFold[true].Where(example => groups[example] == example)]);
    }
}
