using System.Runtime.CompilerServices;
using TaskRes.Core;
using TaskRes.Core.Datasets;

namespace TaskRes.Cli.Files;

/// <summary>Image files by their names: what is in a file is told when it is decoded.</summary>
internal static class ImageFiles
{
    /// <summary>The services' own limit; what is larger need not be read to be refused.</summary>
    private const long MaxBytes = 20 << 20;

    /// <summary>A regular file, not a link, with the extension of an image.</summary>
    public static bool IsImage(FileInfo file) =>
        file.LinkTarget is null && ImageFileName.IsImage(file.Name);

    /// <summary>Files as they are and folders as the images in them, by file name in ordinal order.</summary>
    /// <exception cref="TaskResException">InvalidField where a path is not there; NoExamples where there are no images.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> paths, string field)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path)) files.AddRange(new DirectoryInfo(path).EnumerateFiles().Where(IsImage).Select(file => Path.Combine(path, file.Name)));
            else files.Add(InputFile.Require(path, field));
        }

        if (files.Count == 0)
            throw new TaskResException(ErrorReason.NoExamples, $"{field}: there are no images ({string.Join(", ", ImageFileName.Extensions)}) in {string.Join(", ", paths)}.") { Field = field };
        return [.. files.OrderBy(Path.GetFileName, StringComparer.Ordinal).ThenBy(path => path, StringComparer.Ordinal)];
    }

    /// <exception cref="TaskResException">ImageTooLarge.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var length = new FileInfo(path).Length;
        if (length > MaxBytes)
            throw new TaskResException(ErrorReason.ImageTooLarge, $"{path}: {length:N0} bytes are over the limit of {MaxBytes:N0}; leave it out or make it smaller.") { Field = path };
        return await File.ReadAllBytesAsync(path, cancellationToken);
    }

    /// <summary>The contents of files, each read when it is asked for.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAllAsync(
        IEnumerable<string> paths, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var path in paths) yield return await ReadAsync(path, cancellationToken);
    }
}
