namespace TaskRes.Core.Datasets;

/// <summary>
/// The shots of a seed: k images of each class to train on, and up to four of each to validate with. The draw is that of the
/// released code (CoOp and Dassl: <c>random.seed(seed)</c>, then <c>random.sample</c> class by class in the order of the split
/// file), so that seeds 1, 2 and 3 give the very shots of the published tables, but for ImageNet, whose images the released code
/// takes in the file system's order.
/// </summary>
/// <param name="Train">k images of each class, all where a class has fewer.</param>
/// <param name="Validation">min(k, 4) images of each class.</param>
public sealed record FewShotDraw(IReadOnlyList<LabelledImage> Train, IReadOnlyList<LabelledImage> Validation)
{
    private const int MostValidationShots = 4;

    /// <exception cref="TaskResException">InvalidField for shots below 1; NoExamples where a class has no image to train on.</exception>
    public static FewShotDraw Of(ImageDataset dataset, int shots, ulong seed)
    {
        if (shots < 1) throw TaskResException.Invalid("shots", $"{shots} is out of range; draw 1 at the least.");
        var present = dataset.Train.Select(image => image.Label).ToHashSet();
        for (var label = 0; label < dataset.ClassNames.Count; label++)
            if (!present.Contains(label))
                throw new TaskResException(ErrorReason.NoExamples, $"{dataset.Name}: class {label}, '{dataset.ClassNames[label]}', has no image to train on.") { Field = dataset.Root };

        var random = new PythonRandom(seed);
        return new FewShotDraw(Sample(dataset.Train, shots, random), Sample(dataset.Validation, Math.Min(shots, MostValidationShots), random));
    }

    /// <summary>GroupBy keeps classes in the order in which they first occur, as the released code's dictionary does.</summary>
    private static LabelledImage[] Sample(IReadOnlyList<LabelledImage> images, int shots, PythonRandom random) =>
        [.. images.GroupBy(image => image.Label).Select(group => group.ToList()).SelectMany(group => group.Count < shots ? [.. group] : random.Sample(group, shots))];
}
