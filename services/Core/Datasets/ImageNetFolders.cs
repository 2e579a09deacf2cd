using System.Globalization;

namespace TaskRes.Core.Datasets;

/// <summary>
/// Reads ImageNet and its shifted test sets: <c>classnames.txt</c> holds lines of WordNet id and class name, and a class is
/// labelled by the place of its id among all, sorted. Images are taken in ordinal order, where the released code takes them
/// as the file system gives them.
/// </summary>
internal static class ImageNetFolders
{
    /// <summary><c>train</c> and <c>val</c> of class folders; the validation images are the test set, as everywhere in the field.</summary>
    public static ImageDataset ReadTrainAndVal(DatasetLayout layout, DatasetFolder folder)
    {
        var classes = Classes(layout, folder);
        return Dataset(layout, folder, classes) with
        {
            Train = Named(folder, classes, "train"),
            Test = Named(folder, classes, "val"),
        };
    }

    /// <summary>Class folders named by WordNet id, of all classes or of some.</summary>
    public static ImageDataset ReadNamed(DatasetLayout layout, DatasetFolder folder)
    {
        var classes = Classes(layout, folder);
        return Tested(Dataset(layout, folder, classes) with { Test = Named(folder, classes, "") });
    }

    /// <summary>Class folders named by label, as in ImageNetV2.</summary>
    public static ImageDataset ReadNumbered(DatasetLayout layout, DatasetFolder folder)
    {
        var classes = Classes(layout, folder);
        return Tested(Dataset(layout, folder, classes) with
        {
            Test = Images(folder, "", name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var label) && label < classes.Count
                ? label
                : throw DatasetFolder.UnknownClass(folder.Images, name, $"it is no class; folders are numbered 0 to {classes.Count - 1}")),
        });
    }

    private static ImageDataset Dataset(DatasetLayout layout, DatasetFolder folder, SortedList<string, string> classes) =>
        new() { Name = layout.Name, Root = folder.Images, ClassNames = [.. classes.Values], Test = [] };

    /// <summary>Only the classes that there are images of are told apart.</summary>
    private static ImageDataset Tested(ImageDataset dataset)
    {
        int[] present = [.. dataset.Test.Select(image => image.Label).Distinct().Order()];
        return present.Length == dataset.ClassNames.Count ? dataset : dataset with { TestClasses = present };
    }

    private static SortedList<string, string> Classes(DatasetLayout layout, DatasetFolder folder)
    {
        var file = folder.File(layout.Files[0]);
        var classes = new SortedList<string, string>(StringComparer.Ordinal);
        foreach (var (number, line) in DatasetFolder.Lines(file))
        {
            if (line.Split(' ', 2) is not [var id, var name]) throw DatasetFolder.Malformed(file, $"line {number}", "it is not a WordNet id and a class name");
            if (!classes.TryAdd(id, name)) throw DatasetFolder.Malformed(file, $"line {number}", $"'{id}' is there twice");
        }

        return classes;
    }

    private static List<LabelledImage> Named(DatasetFolder folder, SortedList<string, string> classes, string part) =>
        Images(folder, part, name => classes.IndexOfKey(name) is var label and >= 0
            ? label
            : throw DatasetFolder.UnknownClass(Path.Combine(folder.Images, part), name, "classnames.txt has no such id"));

    private static List<LabelledImage> Images(DatasetFolder folder, string part, Func<string, int> labelOf)
    {
        var root = Path.Combine(folder.Images, part);
        if (!Directory.Exists(root)) return [];
        return
        [
            .. DatasetFolder.Folders(root)
                .Select(name => (Name: name, Label: labelOf(name)))
                .OrderBy(entry => entry.Label)
                .SelectMany(entry => DatasetFolder.ImagesIn(Path.Combine(root, entry.Name)).Select(image => new LabelledImage(Path.Combine(part, entry.Name, image), entry.Label))),
        ];
    }
}
