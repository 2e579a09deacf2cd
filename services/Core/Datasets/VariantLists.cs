namespace TaskRes.Core.Datasets;

/// <summary>Reads FGVC-Aircraft's own lists: <c>variants.txt</c> names the classes, <c>images_variant_*.txt</c> each hold lines of image and variant.</summary>
internal static class VariantLists
{
    public static ImageDataset Read(DatasetLayout layout, DatasetFolder folder)
    {
        var variants = folder.File(layout.Files[0]);
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (number, name) in DatasetFolder.Lines(variants))
            if (!labels.TryAdd(name, labels.Count)) throw DatasetFolder.Malformed(variants, $"line {number}", $"'{name}' is there twice");
        return new ImageDataset
        {
            Name = layout.Name,
            Root = folder.Images,
            ClassNames = [.. labels.Keys],
            Train = Part(layout.Files[1], labels, folder),
            Validation = Part(layout.Files[2], labels, folder),
            Test = Part(layout.Files[3], labels, folder),
        };
    }

    private static List<LabelledImage> Part(string list, Dictionary<string, int> labels, DatasetFolder folder)
    {
        var file = folder.File(list);
        var images = new List<LabelledImage>();
        foreach (var (number, line) in DatasetFolder.Lines(file))
        {
            var entry = $"line {number}";
            if (line.Split(' ', 2) is not [var image, var variant]) throw DatasetFolder.Malformed(file, entry, "it is not an image and its variant");
            if (!labels.TryGetValue(variant, out var label)) throw DatasetFolder.UnknownClass(file, entry, $"'{variant}' is not in variants.txt");
            images.Add(new LabelledImage(folder.Inside(image + ".jpg", file, entry), label));
        }

        return images;
    }
}
