namespace TaskRes.Cli.Invocation;

/// <summary>The environment variables that the tool reads, all of them.</summary>
internal static class CliEnvironment
{
    /// <summary>The server's address where --server gives none.</summary>
    public static string? Server { get; } = Read("TASKRES_SERVER");

    /// <summary>The API key where --key gives none.</summary>
    public static string? Key { get; } = Read("TASKRES_KEY");

    /// <summary>The authority of the server's certificate, a PEM file.</summary>
    public static string? Ca { get; } = Read("TASKRES_CA");

    /// <summary>The folder of another libtorch to load: a PyTorch install's torch/lib, for one.</summary>
    public static string? Libtorch { get; } = Read("TASKRES_LIBTORCH");

    /// <summary>The folder of models, where it is not that of the user's data.</summary>
    public static string? Models { get; } = Read("TASKRES_MODELS");

    /// <summary>The address of a hub other than Hugging Face's own.</summary>
    public static string? HubEndpoint { get; } = Read("HF_ENDPOINT");

    public static string? HubToken { get; } = Read("HF_TOKEN") ?? Read("HUGGING_FACE_HUB_TOKEN");

    /// <summary>Where Hugging Face's tools keep the token that somebody logged in with.</summary>
    public static string HubTokenFile { get; } = Read("HF_TOKEN_PATH") ?? Path.Combine(Read("HF_HOME") ?? Path.Combine(CacheFolder, "huggingface"), "token");

    /// <summary>Nothing is fetched.</summary>
    public static bool HubOffline { get; } = Read("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private static string CacheFolder => Read("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
