using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TaskRes.Cli.Hub;

/// <summary>What a file must hash to. Large files of the hub go by SHA-256, small ones by git's name of a blob.</summary>
/// <param name="IsGitBlob">SHA-1 of <c>"blob SIZE\0"</c> and the content, as git names it; else SHA-256 of the content.</param>
/// <param name="Hex">In lower case.</param>
internal sealed record FileDigest(bool IsGitBlob, string Hex)
{
    private const int Sha256Length = 64, Sha1Length = 40, BufferSize = 1 << 20;

    public static FileDigest Sha256(string hex) => new(IsGitBlob: false, hex);

    /// <summary>Null where the text is no such digest.</summary>
    public static FileDigest? Parse(bool isGitBlob, string? hex) =>
        hex?.Length == (isGitBlob ? Sha1Length : Sha256Length) && hex.All(char.IsAsciiHexDigitLower) ? new(isGitBlob, hex) : null;

    public async Task<bool> MatchesAsync(string path, CancellationToken cancellationToken) => Hex == await OfFileAsync(path, IsGitBlob, cancellationToken);

    public static Task<string> Sha256OfFileAsync(string path, CancellationToken cancellationToken) => OfFileAsync(path, isGitBlob: false, cancellationToken);

    private static async Task<string> OfFileAsync(string path, bool isGitBlob, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
        if (!isGitBlob) return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));

#pragma warning disable CA5350 // Git's names are SHA-1: the hub publishes nothing else for small files, and they come over TLS.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Length}\0")));
        var buffer = new byte[BufferSize];
        while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var read) hash.AppendData(buffer.AsSpan(0, read));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
