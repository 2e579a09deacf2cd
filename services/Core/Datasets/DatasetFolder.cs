namespace TaskRes.Core.Datasets;

/// <summary>A dataset's folder, with the checks and the errors that its readers share.</summary>
internal sealed class DatasetFolder(DatasetLayout layout, string path)
{
    private const string Guide = "https://github.com/KaiyangZhou/CoOp/blob/main/DATASETS.md";

    /// <summary>The folder that image paths begin in.</summary>
    public string Images { get; } = Path.Combine(path, layout.Images);

    /// <summary>The path of a file beside the images.</summary>
    public string File(string name) => Path.Combine(path, name);

    /// <exception cref="TaskResException">NoExamples, saying what to fetch and where to put it.</exception>
    public void RequirePresent()
    {
        if (!Directory.Exists(Images)) throw Missing(Images, "folder");
        foreach (var file in layout.Files)
            if (!System.IO.File.Exists(File(file))) throw Missing(File(file), "file");
    }

    /// <exception cref="TaskResException">NoExamples, with the number of missing images and the first.</exception>
    public void RequireImages(ImageDataset dataset)
    {
        var images = dataset.Train.Concat(dataset.Validation).Concat(dataset.Test).ToList();
        if (dataset.Test.Count == 0) throw Empty("there are no images to test on");
        var missing = images.AsParallel().AsOrdered().Where(image => !System.IO.File.Exists(dataset.PathOf(image))).ToList();
        if (missing.Count > 0)
            throw Empty($"{missing.Count} of {images.Count} images are missing, first {dataset.PathOf(missing[0])}");
    }

    /// <summary>The visible folders in a folder, in ordinal order.</summary>
    public static IReadOnlyList<string> Folders(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateDirectories().Select(entry => entry.Name).Where(IsVisible).Order(StringComparer.Ordinal)];

    /// <summary>The image files in a folder, in ordinal order.</summary>
    public static IReadOnlyList<string> ImagesIn(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFiles().Select(entry => entry.Name).Where(name => IsVisible(name) && ImageFileName.IsImage(name)).Order(StringComparer.Ordinal)];

    /// <summary>The lines of a list that hold something, with their numbers from 1.</summary>
    public static IEnumerable<(int Number, string Text)> Lines(string file) =>
        System.IO.File.ReadLines(file).Select((text, index) => (index + 1, text.Trim())).Where(line => line.Item2.Length > 0);

    /// <summary>A list's path of an image, once it is known to lie below the folder of images.</summary>
    /// <exception cref="TaskResException">InvalidField, naming file and entry.</exception>
    public string Inside(string image, string file, string entry)
    {
        var full = image.Length == 0 || image.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(Path.Combine(Images, image));
        return full.StartsWith(Images + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? image
            : throw Malformed(file, entry, $"'{image}' is no path of a file below {Images}");
    }

    public static TaskResException Malformed(string file, string entry, string fault, Exception? inner = null) =>
        new(ErrorReason.InvalidField, $"{file}: {entry}: {fault}.", inner) { Field = file, Metadata = new Dictionary<string, string> { ["file"] = file, ["entry"] = entry } };

    public static TaskResException UnknownClass(string file, string entry, string fault) =>
        new(ErrorReason.UnknownLabel, $"{file}: {entry}: {fault}.") { Field = file, Metadata = new Dictionary<string, string> { ["file"] = file, ["entry"] = entry } };

    private static bool IsVisible(string name) => !name.StartsWith('.');

    private TaskResException Missing(string what, string kind) => Empty($"there is no {kind} {what}");

    private TaskResException Empty(string fault) => new(
        ErrorReason.NoExamples,
        $"{layout.Name}: {fault}. Fetch {layout.Fetch}, and put it into {path}, with {string.Join(", ", layout.Files)} beside it ({Guide}).")
    {
        Field = path,
        Metadata = new Dictionary<string, string> { ["dataset"] = layout.Name, ["folder"] = path },
    };
}
