using System.Globalization;

namespace TaskRes.Core.Datasets;

/// <summary>
/// Any folder of class folders as a dataset: <c>train</c> and <c>test</c> (and <c>val</c>) each with a folder for every class, or
/// the class folders alone, which are then split as CoOp splits what came without parts: half of a class to train, a fifth to
/// validate, the rest to test.
/// </summary>
public static class ClassFolderDataset
{
    private const double TrainShare = 0.5, ValidationShare = 0.2;
    private const int SplitSeed = 1;

    /// <summary>Of 4, two train, one validates and one tests.</summary>
    private const int FewestImages = 4;

    /// <exception cref="TaskResException">
    /// InvalidField where there is no such folder; NoExamples where a class has too few images; UnknownLabel where a part has a
    /// class that the training part lacks.
    /// </exception>
    public static ImageDataset Read(string folder)
    {
        var root = Path.GetFullPath(folder);
        if (!Directory.Exists(root)) throw TaskResException.Invalid("folder", $"there is no folder '{folder}'.");
        return Directory.Exists(Path.Combine(root, "train")) && Directory.Exists(Path.Combine(root, "test")) ? ReadParts(root) : Divide(root);
    }

    private static ImageDataset ReadParts(string root)
    {
        var classes = DatasetFolder.Folders(Path.Combine(root, "train"));
        var dataset = Dataset(root, classes) with
        {
            Train = Part(root, "train", classes),
            Validation = Directory.Exists(Path.Combine(root, "val")) ? Part(root, "val", classes) : [],
            Test = Part(root, "test", classes),
        };
        if (dataset.Test.Count == 0) throw Empty(Path.Combine(root, "test"), "it holds no images in class folders");
        return dataset;
    }

    private static ImageDataset Divide(string root)
    {
        var classes = DatasetFolder.Folders(root);
        var random = new PythonRandom(SplitSeed);
        var (train, validation, test) = (new List<LabelledImage>(), new List<LabelledImage>(), new List<LabelledImage>());
        foreach (var images in Part(root, "", classes).GroupBy(image => image.Label))
        {
            LabelledImage[] shuffled = [.. images];
            random.Shuffle(shuffled.AsSpan());
            var trained = (int)Math.Round(shuffled.Length * TrainShare);
            var validated = (int)Math.Round(shuffled.Length * ValidationShare);
            if (shuffled.Length < FewestImages)
                throw Empty(Path.Combine(root, classes[images.Key]), string.Create(CultureInfo.InvariantCulture, $"{shuffled.Length} images are too few to be split; it takes {FewestImages}"));
            train.AddRange(shuffled[..trained]);
            validation.AddRange(shuffled[trained..(trained + validated)]);
            test.AddRange(shuffled[(trained + validated)..]);
        }

        return Dataset(root, classes) with { Train = train, Validation = validation, Test = test };
    }

    private static ImageDataset Dataset(string root, IReadOnlyList<string> classes)
    {
        if (classes.Count < 2) throw Empty(root, "it must hold one folder of images for each class, two at the least");
        return new ImageDataset { Name = Path.GetFileName(root), Root = root, ClassNames = classes, Test = [] };
    }

    private static List<LabelledImage> Part(string root, string part, IReadOnlyList<string> classes)
    {
        var folder = Path.Combine(root, part);
        if (DatasetFolder.Folders(folder).Except(classes).FirstOrDefault() is { } unknown)
            throw DatasetFolder.UnknownClass(folder, unknown, "the training images have no such class");
        var images = new List<LabelledImage>();
        for (var label = 0; label < classes.Count; label++)
        {
            var of = Path.Combine(folder, classes[label]);
            if (Directory.Exists(of)) images.AddRange(DatasetFolder.ImagesIn(of).Select(image => new LabelledImage(Path.Combine(part, classes[label], image), label)));
        }

        return images;
    }

    private static TaskResException Empty(string folder, string fault) =>
        new(ErrorReason.NoExamples, $"{folder}: {fault}.") { Field = folder };
}
