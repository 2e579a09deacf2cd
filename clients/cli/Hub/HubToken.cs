using TaskRes.Cli.Invocation;
using TaskRes.Core;

namespace TaskRes.Cli.Hub;

/// <summary>The user's token: of the environment, else of the file that Hugging Face's tools keep.</summary>
internal static class HubToken
{
    /// <returns>Null where there is none.</returns>
    /// <exception cref="TaskResException">InvalidField where it cannot be sent.</exception>
    public static string? Read()
    {
        var token = (CliEnvironment.HubToken ?? FromFile(CliEnvironment.HubTokenFile))?.Trim();
        if (string.IsNullOrEmpty(token)) return null;
        return token.All(c => c is > ' ' and < '\u007f') ? token : throw TaskResException.Invalid("HF_TOKEN", "it holds characters that no token has.");
    }

    private static string? FromFile(string path) => File.Exists(path) ? File.ReadAllText(path) : null;
}
