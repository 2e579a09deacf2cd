namespace TaskRes.Cli.Invocation;

/// <summary>The environment variables that the tool reads, all of them.</summary>
internal static class CliEnvironment
{
    /// <summary>The server's address where --server gives none.</summary>
    public static string? Server { get; } = Read("TASKRES_SERVER");

    /// <summary>The API key where --key gives none.</summary>
    public static string? Key { get; } = Read("TASKRES_KEY");

    /// <summary>The folder of another libtorch to load: a PyTorch install's torch/lib, for one.</summary>
    public static string? Libtorch { get; } = Read("TASKRES_LIBTORCH");

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
