using TaskRes.Cli.Hub;
using TaskRes.Cli.Invocation;
using TaskRes.Core;

namespace TaskRes.Cli.Models;

/// <summary>A model on this machine.</summary>
/// <param name="Name">By which verbs find it: its place in the folder of models, one part or two.</param>
/// <param name="Bytes">Of its weights.</param>
/// <param name="Source">Where it was pulled from; null for one that was not.</param>
internal sealed record LocalModel(string Name, string Path, long Bytes, Uri? Source);

/// <summary>The user's folder of models: one folder or file each, pulled ones under the names they were pulled by.</summary>
internal static class ModelLibrary
{
    private const string Archive = ".pt";

    private static readonly string[] Weights = [".safetensors", Archive];

    public static string Folder { get; } = CliEnvironment.Models is { } folder
        ? Path.GetFullPath(folder)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "taskres", "models");

    /// <summary>A path as it is; a name as the library's model of that name.</summary>
    /// <exception cref="TaskResException">CheckpointNotFound where it is neither.</exception>
    public static string Resolve(string model)
    {
        if (Path.Exists(model)) return model;
        var named = Path.Combine(Folder, model);
        if (!Path.Exists(named))
            throw new TaskResException(
                ErrorReason.CheckpointNotFound,
                $"{model}: there is no such file or folder, and no model of that name on this machine; 'taskres models list' lists them, 'taskres models pull NAME' gets one.")
            { Field = model };
        return Directory.Exists(named) && WeightFiles(new DirectoryInfo(named)).ToList() is [{ Extension: Archive } only] ? only.FullName : named;
    }

    /// <summary>What is known of where a model at a path comes from; null where it was not pulled.</summary>
    public static ModelManifest? Source(string path) => ModelManifest.Read(Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!);

    public static IReadOnlyList<LocalModel> List(string folder) =>
        !Directory.Exists(folder)
            ? []
            : [.. Entries(folder).SelectMany(entry => IsOwner(entry) ? Entries(entry.FullName) : [entry])
                .Select(entry => new LocalModel(Path.GetRelativePath(folder, entry.FullName), entry.FullName, WeightFiles(entry).Sum(file => file.Length), ModelManifest.Read(entry.FullName)?.Source))
                .Where(model => model.Bytes > 0)
                .OrderBy(model => model.Name, StringComparer.Ordinal)];

    /// <summary>Those with a leading point are the store's own.</summary>
    private static IEnumerable<FileSystemInfo> Entries(string folder) =>
        new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith('.'));

    /// <summary>A folder of models, not one itself. A link may be a model, but what is behind it does not belong to the library.</summary>
    private static bool IsOwner(FileSystemInfo entry) => entry is DirectoryInfo { LinkTarget: null } && !WeightFiles(entry).Any();

    private static IEnumerable<FileInfo> WeightFiles(FileSystemInfo entry) =>
        (entry is DirectoryInfo folder ? folder.EnumerateFiles() : [(FileInfo)entry]).Where(file => Weights.Contains(file.Extension));
}
