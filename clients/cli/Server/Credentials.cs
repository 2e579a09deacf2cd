using System.Text.Json;

namespace TaskRes.Cli.Server;

/// <summary>
/// How to reach the suite that <c>taskres up</c> runs on this machine: a file in the user's configuration folder that its
/// owner alone may read.
/// </summary>
/// <param name="Server">The address for gRPC.</param>
/// <param name="Key">The operator's key.</param>
internal sealed record Credentials(string Server, string? Key)
{
    private static string FilePath => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "taskres", "credentials.json");

    /// <summary>Null where none were written; a file that cannot be read counts as none.</summary>
    public static Credentials? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<Credentials>(File.ReadAllText(FilePath), JsonSerializerOptions.Web);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Written whole and then renamed, never readable for others in between.</summary>
    /// <returns>Where they are.</returns>
    public string Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        var whole = $"{FilePath}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        // Windows keeps a user's folder from others by itself.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(whole, options)) JsonSerializer.Serialize(file, this, JsonSerializerOptions.Web);
        File.Move(whole, FilePath, overwrite: true);
        return FilePath;
    }
}
