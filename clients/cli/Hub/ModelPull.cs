using System.Globalization;
using TaskRes.Cli.Output;
using TaskRes.Core;

namespace TaskRes.Cli.Hub;

/// <summary>Brings a model into the store: finds out what it is, fetches what is missing, checks all of it, and puts it in place.</summary>
internal sealed class ModelPull(ModelStore store, HubOptions options)
{
    /// <param name="name">OWNER/MODEL of the hub, or one of OpenAI's names.</param>
    /// <param name="revision">A branch, tag or commit; null takes the model that is there, else the default branch.</param>
    /// <returns>What is in the store now, and whether this call put it there.</returns>
    /// <exception cref="TaskResException">
    /// CheckpointNotFound, CheckpointUnsupported, CheckpointCorrupt; RegistryUnavailable and QueueFull where the server is at
    /// fault; LimitExceeded for a full disk; Conflict where another process pulls the same.
    /// </exception>
    public async Task<(ModelManifest Model, bool IsNew)> RunAsync(string name, string? revision, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var isArchive = OpenAiArchive.Names.Contains(ModelName.Require(name));
        if (isArchive && revision is not null) throw TaskResException.Invalid("--revision", $"{name} is one of OpenAI's archives, which have no revisions; leave it out.");

        using var held = store.Lock(name);
        var present = Present(name);
        var isIntact = present is not null && await present.HoldsAsync(store.PathOf(name), cancellationToken);
        if (isIntact && (revision is null || revision == present!.Revision || revision == present.Commit)) return (present!, IsNew: false);
        if (options.Offline) throw new TaskResException(ErrorReason.RegistryUnavailable, $"{name}: it would have to be fetched, and HF_HUB_OFFLINE forbids that; unset it.") { Field = "NAME" };

        using var client = new HubClient(isArchive ? options with { Token = null } : options);
        var retries = new Retries(options);
        var remote = isArchive
            ? await new OpenAiArchive(client, retries, options.ArchiveMirror).FindAsync(name, cancellationToken)
            : await new HuggingFaceHub(client, retries, options.Endpoint).FindAsync(name, revision ?? HuggingFaceHub.DefaultRevision, cancellationToken);

        if (present is not null && !isIntact) store.Reopen(name);
        var folder = store.Begin(name, [.. remote.Files.Select(file => file.Name)]);
        DiskSpace.Require(folder, remote.Size - new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length));
        await FetchAsync(remote, folder, new Download(client, retries), progress, cancellationToken);

        var manifest = new ModelManifest(name, remote.Origin, remote.Revision, remote.Commit, await FilesAsync(remote, folder, cancellationToken));
        await DiskSpace.GuardAsync(() => manifest.WriteAsync(folder, cancellationToken), folder);
        store.Finish(name);
        return (manifest, IsNew: true);
    }

    private ModelManifest? Present(string name)
    {
        var path = store.PathOf(name);
        if (!Path.Exists(path)) return null;
        return ModelManifest.Read(path) ?? throw new TaskResException(
            ErrorReason.Conflict, $"{name}: {path} is there already, and no pull has put it there; move it away, or 'taskres models remove {name}'.")
        { Field = "NAME" };
    }

    private static async Task FetchAsync(RemoteModel model, string folder, Download download, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var before = 0L;
        foreach (var file in model.Files)
        {
            await download.RunAsync(file, Path.Combine(folder, file.Name), done => progress.Report(new Step(before + done, model.Size, Line(file, done))), cancellationToken);
            before += file.Size;
        }
    }

    private static string Line(RemoteFile file, long done) => string.Create(CultureInfo.InvariantCulture, $"{file.Name}, {done / 1e6:0.0} of {file.Size / 1e6:0.0} MB");

    /// <summary>The files as they lie there. Those of which the hub told git's name alone get a SHA-256, too.</summary>
    private static async Task<List<ManifestFile>> FilesAsync(RemoteModel model, string folder, CancellationToken cancellationToken)
    {
        var files = new List<ManifestFile>();
        foreach (var (name, _, size, digest) in model.Files)
            files.Add(new ManifestFile(name, size, digest.IsGitBlob ? await FileDigest.Sha256OfFileAsync(Path.Combine(folder, name), cancellationToken) : digest.Hex));
        return files;
    }
}
