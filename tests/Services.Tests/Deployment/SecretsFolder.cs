using TaskRes.Services.Tests.Support;
using TaskRes.Tests;

namespace TaskRes.Services.Tests.Deployment;

/// <summary>The secrets of compose.yaml, made by services/secrets.</summary>
internal sealed class SecretsFolder : IDisposable
{
    private const string Mounted = "/run/secrets/";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-secrets-");

    private SecretsFolder()
    {
    }

    public static async Task<SecretsFolder> MakeAsync()
    {
        var secrets = new SecretsFolder();
        var (exit, output) = await Command.RunAsync("bash", [Path.Combine(ReferenceData.Repository, "services", "secrets"), secrets._folder.FullName]);
        Assert.True(exit == 0, output);
        return secrets;
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(_folder.FullName, name));

    /// <summary>Paths as containers know them become those of this folder.</summary>
    public string Rewrite(string text) => text.Replace(Mounted, $"{_folder.FullName}/", StringComparison.Ordinal);

    public Dictionary<string, string> Rewrite(IReadOnlyDictionary<string, string> environment) => environment.ToDictionary(variable => variable.Key, variable => Rewrite(variable.Value));

    public void Dispose() => _folder.Delete(recursive: true);
}
