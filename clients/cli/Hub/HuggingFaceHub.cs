using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using TaskRes.Core;

namespace TaskRes.Cli.Hub;

/// <summary>The hub's API, as far as fetching needs it: what a revision stands for, and the files there.</summary>
internal sealed partial class HuggingFaceHub(HubClient client, Retries retries, Uri endpoint)
{
    public const string DefaultRevision = "main";

    private const int MaxAnswerBytes = 8 << 20, MaxPages = 20;

    /// <summary>Far over any model, and low enough for sums of it to hold.</summary>
    private const long MaxFileBytes = 1L << 50;

    /// <summary>The files of a model at one commit, so that a change of the repository meanwhile mixes nothing.</summary>
    /// <exception cref="TaskResException">CheckpointNotFound, CheckpointUnsupported, or CheckpointCorrupt for an answer that makes no sense.</exception>
    public async Task<RemoteModel> FindAsync(string name, string revision, CancellationToken cancellationToken)
    {
        var (info, _) = await GetAsync<RevisionInfo>(At($"api/models/{name}/revision/{Uri.EscapeDataString(revision)}"), cancellationToken);
        if (info.Sha is not { } commit || !Commit.IsMatch(commit)) throw HubErrors.Corrupt(At(name), "the hub names no commit");

        var files = new Dictionary<string, RemoteFile>(StringComparer.Ordinal);
        foreach (var entry in await TreeAsync(At($"api/models/{name}/tree/{commit}?recursive=true"), cancellationToken))
        {
            var path = Safe(entry.Path) ?? throw HubErrors.Corrupt(At(name), $"the hub lists '{Printable(entry.Path)}', which leads out of the model's folder; do not use this repository");
            if (entry.Type == "file") files[path] = File(At($"{name}/resolve/{commit}/{Uri.EscapeDataString(path)}"), path, entry);
        }

        return new RemoteModel(At(name), revision, commit, [.. HubFiles.Choose(name, files.Keys.ToHashSet()).Select(path => files[path])]);
    }

    private async Task<List<TreeEntry>> TreeAsync(Uri first, CancellationToken cancellationToken)
    {
        var entries = new List<TreeEntry>();
        var page = first;
        for (var pages = 0; page is not null; pages++)
        {
            if (pages == MaxPages) throw TaskResException.OverLimit("NAME", pages + 1, MaxPages, "pages of files");
            var (answer, headers) = await GetAsync<List<TreeEntry>>(page, cancellationToken);
            entries.AddRange(answer);
            page = Next(page, headers);
        }

        return entries;
    }

    private Task<(T Answer, HttpResponseHeaders Headers)> GetAsync<T>(Uri address, CancellationToken cancellationToken) => retries.RunAsync(
        async () =>
        {
            var (body, headers) = await client.ReadAsync(address, MaxAnswerBytes, cancellationToken);
            try
            {
                return (JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web) ?? throw new JsonException("it is null"), headers);
            }
            catch (JsonException error)
            {
                throw HubErrors.Corrupt(address, "the answer is not a hub's; check --endpoint", error);
            }
        },
        cancellationToken);

    private static RemoteFile File(Uri address, string path, TreeEntry entry)
    {
        var (size, digest) = entry.Lfs is { } large
            ? (large.Size, FileDigest.Parse(isGitBlob: false, large.Oid))
            : (entry.Size, FileDigest.Parse(isGitBlob: true, entry.Oid));
        return digest is not null && size is >= 0 and <= MaxFileBytes ? new RemoteFile(path, address, size, digest) : throw HubErrors.Corrupt(address, "the hub lists no size and digest of it that make sense");
    }

    private Uri At(string path) => HubClient.At(endpoint, path);

    private static Uri? Next(Uri page, HttpResponseHeaders headers) =>
        headers.TryGetValues("Link", out var links) && NextLink.Match(string.Join(',', links)) is { Success: true } match ? new Uri(page, match.Groups[1].Value) : null;

    private static string? Safe(string? path) =>
        path is { Length: > 0 and <= 1024 } && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl) && path.Split('/').All(part => part is not ("" or "." or "..")) ? path : null;

    private static string Printable(string? path) => string.Concat((path ?? "").Take(80).Where(c => !char.IsControl(c)));

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex Commit { get; }

    [GeneratedRegex("<([^>]+)>\\s*;\\s*rel=\"next\"")]
    private static partial Regex NextLink { get; }

    private sealed record RevisionInfo(string? Sha);

    private sealed record TreeEntry(string? Type, string? Path, long Size, string? Oid, LargeFile? Lfs);

    private sealed record LargeFile(string? Oid, long Size);
}
