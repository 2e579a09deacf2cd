using System.Text.Json;

namespace TaskRes.Core.Checkpoints;

/// <summary>Reads the small JSON files that lie beside weights.</summary>
internal static class JsonFile
{
    private const long MaxLength = 64 << 20;

    /// <exception cref="TaskResException"><see cref="ErrorReason.CheckpointNotFound"/>, or
    /// <see cref="ErrorReason.CheckpointCorrupt"/> where it is no JSON object or over 64 MB.</exception>
    public static JsonDocument Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > MaxLength)
                throw CheckpointErrors.Corrupt(path, $"it has {stream.Length} bytes, over the limit of {MaxLength}");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var document = StrictJson.Parse(bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            throw CheckpointErrors.Corrupt(path, "it is not a JSON object");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.NotFound(path, "there is no such file, or it cannot be read", error);
        }
        catch (JsonException error)
        {
            throw CheckpointErrors.Corrupt(path, $"it is not JSON ({error.Message})", error);
        }
    }
}
