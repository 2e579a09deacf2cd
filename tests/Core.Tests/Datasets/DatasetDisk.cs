using System.Text.Json;

namespace TaskRes.Core.Tests.Datasets;

/// <summary>A folder of datasets, laid out as the originals are; its images are empty, for readers do not read them.</summary>
public sealed class DatasetDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-datasets-");

    public string Root => _folder.FullName;

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public void Images(params string[] paths)
    {
        foreach (var path in paths) Text(path, "");
    }

    public string Text(string path, string text)
    {
        var full = PathOf(path.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    /// <summary>A split file of [path, label, class name] entries, with the images that it names.</summary>
    public void Split(string folder, string images, string file, (string Path, int Label, string Name)[] train, (string Path, int Label, string Name)[] val, (string Path, int Label, string Name)[] test)
    {
        object[][] Entries((string Path, int Label, string Name)[] entries) => [.. entries.Select(entry => new object[] { entry.Path, entry.Label, entry.Name })];
        Text($"{folder}/{file}", JsonSerializer.Serialize(new { train = Entries(train), val = Entries(val), test = Entries(test) }));
        foreach (var (path, _, _) in train.Concat(val).Concat(test)) Images(images.Length == 0 ? $"{folder}/{path}" : $"{folder}/{images}/{path}");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
