namespace TaskRes.Cli.Hub;

/// <summary>A model as it is offered: which files it has, and what each must be.</summary>
/// <param name="Origin">Where people find it.</param>
/// <param name="Revision">The branch, tag or commit that was asked for; null where there are none.</param>
/// <param name="Commit">What <paramref name="Revision"/> stood for.</param>
internal sealed record RemoteModel(Uri Origin, string? Revision, string? Commit, IReadOnlyList<RemoteFile> Files)
{
    public long Size => Files.Sum(file => file.Size);
}

/// <param name="Name">The file's name in the model's folder.</param>
/// <param name="Size">Bytes.</param>
internal sealed record RemoteFile(string Name, Uri Address, long Size, FileDigest Digest);
