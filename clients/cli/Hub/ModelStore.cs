using TaskRes.Cli.Models;
using TaskRes.Core;

namespace TaskRes.Cli.Hub;

/// <summary>
/// The folder in which pulled models lie, each under its name. Beside them, under names with a leading point, are the
/// unfinished ones, the locks, and what is being removed: a model is there as a whole or not at all.
/// </summary>
internal sealed class ModelStore(string folder)
{
    public string PathOf(string name) => Path.Combine(folder, name);

    public string UnfinishedOf(string name) => Path.Combine(folder, ".unfinished", name);

    /// <summary>Keeps other processes off a name until it is disposed.</summary>
    /// <exception cref="TaskResException">Conflict.</exception>
    public FileStream Lock(string name)
    {
        // The file stays: a lock that is removed could be held twice.
        var path = Path.Combine(folder, ".locks", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new TaskResException(ErrorReason.Conflict, $"{name}: another process is pulling or removing it; wait until that has ended.", error) { Field = "NAME" };
        }
    }

    /// <summary>Makes the folder in which a model is put together, with nothing in it but files that the model has.</summary>
    /// <returns>Its path.</returns>
    public string Begin(string name, IReadOnlyList<string> files)
    {
        var unfinished = Directory.CreateDirectory(UnfinishedOf(name));
        foreach (var entry in unfinished.EnumerateFileSystemInfos().Where(entry => entry is DirectoryInfo || !files.Contains(entry.Name))) Discard(entry.FullName);
        return unfinished.FullName;
    }

    /// <summary>Takes a damaged model back to where it is put together, so that its sound files need not come again.</summary>
    public void Reopen(string name)
    {
        Discard(UnfinishedOf(name));
        Move(PathOf(name), UnfinishedOf(name));
    }

    /// <summary>Puts a finished model in its place, and in that of an older one.</summary>
    public void Finish(string name)
    {
        Discard(PathOf(name));
        Move(UnfinishedOf(name), PathOf(name));
        DeleteIfEmpty(Path.GetDirectoryName(UnfinishedOf(name))!);
    }

    /// <summary>Removes a model, what has arrived of one, or the link to one; nothing that a link leads to.</summary>
    /// <exception cref="TaskResException">CheckpointNotFound, or Conflict where it is being pulled.</exception>
    public void Remove(string name)
    {
        if (ModelLibrary.List(folder).All(model => model.Name != name) && !(ModelName.IsOne(name) && Directory.Exists(UnfinishedOf(name))))
            throw new TaskResException(ErrorReason.CheckpointNotFound, $"{name}: there is no model of that name in {folder}; 'taskres models list' lists those there.") { Field = "NAME" };

        using var held = Lock(name);
        Discard(PathOf(name));
        Discard(UnfinishedOf(name));
        DeleteIfEmpty(Path.GetDirectoryName(PathOf(name))!);
        DeleteIfEmpty(Path.GetDirectoryName(UnfinishedOf(name))!);
    }

    private static void Move(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        Directory.Move(from, to);
    }

    /// <summary>Out of sight at once, then deleted: an interruption leaves no half of a model under its name.</summary>
    private void Discard(string path)
    {
        if (!Directory.Exists(path) || new DirectoryInfo(path).LinkTarget is not null)
        {
            if (Directory.Exists(Path.GetDirectoryName(path))) File.Delete(path); // a link, or a file; no error where there is none
            return;
        }

        var removed = Path.Combine(folder, ".removed", Guid.NewGuid().ToString("n"));
        Move(path, removed);
        Directory.Delete(removed, recursive: true);
    }

    private void DeleteIfEmpty(string path)
    {
        if (path != folder && Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any()) Directory.Delete(path);
    }
}
