using System.Security.Cryptography;
using System.Text;
using TaskRes.Core;

namespace TaskRes.Cli.Files;

/// <summary>A labelled image file.</summary>
internal sealed record LabelledFile(string ClassName, string Path);

/// <summary>A folder of class folders: the folders' names are the classes, what is in them are the examples.</summary>
/// <param name="Images">By class and file name, in ordinal order.</param>
/// <param name="Ignored">Files and links that are no images or lie outside a class folder.</param>
internal sealed record ClassFolders(IReadOnlyList<LabelledFile> Images, int Ignored)
{
    public IEnumerable<string> ClassNames => Images.Select(image => image.ClassName).Distinct();

    /// <exception cref="TaskResException">InvalidField where the folder is not there; NoExamples where it has no images.</exception>
    public static ClassFolders Read(string folder)
    {
        if (!Directory.Exists(folder)) throw TaskResException.Invalid("FOLDER", $"there is no folder '{folder}'.");
        var images = new List<LabelledFile>();
        var ignored = 0;
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry is not DirectoryInfo { LinkTarget: null } classFolder)
            {
                ignored++;
                continue;
            }

            var entries = classFolder.EnumerateFileSystemInfos().ToList();
            var files = entries.OfType<FileInfo>().Where(ImageFiles.IsImage).Select(file => file.FullName).Order(StringComparer.Ordinal).ToList();
            images.AddRange(files.Select(file => new LabelledFile(classFolder.Name, file)));
            ignored += entries.Count - files.Count;
        }

        return images.Count > 0 ? new ClassFolders(images, ignored) : throw new TaskResException(
            ErrorReason.NoExamples, $"FOLDER: '{folder}' has no images; it must hold one folder of images for each class, named as the class is.") { Field = "FOLDER" };
    }

    /// <summary>Up to <paramref name="shots"/> images of each class, drawn by the seed: the same on every machine.</summary>
    public ClassFolders Draw(int shots, long seed) => this with
    {
        Images = [.. Images.GroupBy(image => image.ClassName).SelectMany(images => images.OrderBy(image => Lot(image, seed), StringComparer.Ordinal).Take(shots))],
    };

    /// <exception cref="TaskResException">UnknownLabel, with all of them.</exception>
    public void RequireKnown(IReadOnlyCollection<string> classNames, string task)
    {
        var unknown = ClassNames.Except(classNames).ToList();
        if (unknown.Count == 0) return;
        throw new TaskResException(
            ErrorReason.UnknownLabel, $"{task} has no class {string.Join(", ", unknown.Select(name => $"'{name}'"))}: name the folders as its classes ('taskres task show {task}'), or make a task with these.")
        {
            Field = "FOLDER",
            Metadata = new Dictionary<string, string> { ["unknown"] = string.Join(',', unknown) },
        };
    }

    private static string Lot(LabelledFile image, long seed) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{image.ClassName}/{System.IO.Path.GetFileName(image.Path)}")));
}
