using System.Net;
using TaskRes.Core;

namespace TaskRes.Cli.Hub;

/// <summary>Brings one file to its path, going on from what is there, and lets nothing stay that is not the file.</summary>
internal sealed class Download(HubClient client, Retries retries)
{
    private const int BufferSize = 128 << 10;

    /// <param name="report">Told how many of the file's bytes there are.</param>
    /// <exception cref="TaskResException">CheckpointCorrupt where the bytes are not the file's; they are removed.</exception>
    public async Task RunAsync(RemoteFile file, string path, Action<long> report, CancellationToken cancellationToken)
    {
        // What an earlier run left may be of another commit: then, and only then, the file is fetched a second time.
        for (var isFresh = Length(path) == 0; ; isFresh = true)
        {
            await retries.RunAsync(() => AppendAsync(file, path, report, cancellationToken), () => Length(path), cancellationToken);
            if (await file.Digest.MatchesAsync(path, cancellationToken)) return;
            File.Delete(path);
            if (isFresh) throw HubErrors.Corrupt(file.Address, $"what arrived is not the published file (it should hash to {file.Digest.Hex}), and was thrown away; try again later");
        }
    }

    /// <returns>The file's length, all of it being there.</returns>
    private async Task<long> AppendAsync(RemoteFile file, string path, Action<long> report, CancellationToken cancellationToken)
    {
        if (Length(path) > file.Size) File.Delete(path);
        await using var output = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        output.Seek(0, SeekOrigin.End);
        report(output.Length);
        if (output.Length == file.Size) return file.Size;

        using var response = await client.SendAsync(HttpMethod.Get, file.Address, output.Length, cancellationToken);
        if (Start(response) != output.Length) output.SetLength(0); // the server sends all of it again, or has another file
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) throw HubErrors.Unreachable(file.Address, "the server does not go on from there");
        if (output.Length + response.Content.Headers.ContentLength is { } length && length != file.Size)
            throw HubErrors.Corrupt(file.Address, $"the server has a file of {length:N0} bytes, not the {file.Size:N0} of the listing");

        await CopyAsync(file, response, output, report, cancellationToken);
        return file.Size;
    }

    private async Task CopyAsync(RemoteFile file, HttpResponseMessage response, FileStream output, Action<long> report, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var body = await client.UnstalledAsync(file.Address, response.Content.ReadAsStreamAsync, cancellationToken);
        while (await client.UnstalledAsync(file.Address, token => body.ReadAsync(buffer, token).AsTask(), cancellationToken) is > 0 and var read)
        {
            if (output.Position + read > file.Size) throw HubErrors.Corrupt(file.Address, $"the server sends more than the {file.Size:N0} bytes of the listing");
            await DiskSpace.GuardAsync(() => output.WriteAsync(buffer.AsMemory(0, read), cancellationToken), output.Name);
            report(output.Position);
        }

        if (output.Position < file.Size) throw HubErrors.Unreachable(file.Address, $"the answer ended after {output.Position:N0} of {file.Size:N0} bytes");
        output.Flush(flushToDisk: true);
    }

    private static long Start(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? 0 : 0;

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
