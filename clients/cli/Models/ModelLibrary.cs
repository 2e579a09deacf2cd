namespace TaskRes.Cli.Models;

/// <summary>A model on this machine.</summary>
/// <param name="Name">Its file's or folder's name, by which verbs find it.</param>
/// <param name="Bytes">Of its weights.</param>
internal sealed record LocalModel(string Name, string Path, long Bytes);

/// <summary>The user's folder of models: one folder or file each.</summary>
internal static class ModelLibrary
{
    private static readonly string[] Weights = [".safetensors", ".pt"];

    public static string Folder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "taskres", "models");

    /// <summary>A path as it is; a name as the library's model of that name, where it has one.</summary>
    public static string Resolve(string model)
    {
        var named = Path.Combine(Folder, model);
        return !Path.Exists(model) && Path.Exists(named) ? named : model;
    }

    public static IReadOnlyList<LocalModel> List(string folder) =>
        !Directory.Exists(folder)
            ? []
            : [.. new DirectoryInfo(folder).EnumerateFileSystemInfos()
                .Select(entry => new LocalModel(entry.Name, entry.FullName, WeightFiles(entry).Sum(file => file.Length)))
                .Where(model => model.Bytes > 0)
                .OrderBy(model => model.Name, StringComparer.Ordinal)];

    private static IEnumerable<FileInfo> WeightFiles(FileSystemInfo entry) =>
        (entry is DirectoryInfo folder ? folder.EnumerateFiles() : [(FileInfo)entry]).Where(file => Weights.Contains(file.Extension));
}
