using System.Text.Json;
using TaskRes.AllInOne;

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

    /// <returns>Where they are.</returns>
    public string Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        OwnerFile.Write(FilePath, JsonSerializer.Serialize(this, JsonSerializerOptions.Web));
        return FilePath;
    }
}
