using System.Text.Json;

namespace TaskRes.Cli.Hub;

/// <summary>Where a pulled model comes from and what its files are, kept beside them.</summary>
/// <param name="Name">As it was pulled.</param>
/// <param name="Source">Where people find it.</param>
/// <param name="Revision">The branch, tag or commit that was asked for; null where the source has none.</param>
/// <param name="Commit">What <paramref name="Revision"/> stood for.</param>
internal sealed record ModelManifest(string Name, Uri Source, string? Revision, string? Commit, IReadOnlyList<ManifestFile> Files)
{
    public const string FileName = ".source.json";

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public long Size => Files.Sum(file => file.Size);

    /// <summary>The manifest of a folder; null where there is none that makes sense.</summary>
    public static ModelManifest? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelManifest>(File.ReadAllBytes(Path.Combine(folder, FileName)), Format) is { Name: not null, Source: not null, Files: not null } manifest ? manifest : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // a folder that somebody made by hand
        }
    }

    public async ValueTask WriteAsync(string folder, CancellationToken cancellationToken)
    {
        await using var file = File.Create(Path.Combine(folder, FileName));
        await JsonSerializer.SerializeAsync(file, this, Format, cancellationToken);
    }

    /// <summary>Whether every file in the folder is what it was when it was pulled.</summary>
    public async Task<bool> HoldsAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var file in Files)
        {
            var path = Path.Combine(folder, file.Name);
            if (new FileInfo(path) is not { Exists: true } info || info.Length != file.Size) return false;
            if (await FileDigest.Sha256OfFileAsync(path, cancellationToken) != file.Sha256) return false;
        }

        return true;
    }
}

/// <param name="Name">In the model's folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">In hex, lower case.</param>
internal sealed record ManifestFile(string Name, long Size, string Sha256);
