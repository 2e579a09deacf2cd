using System.Diagnostics;

namespace TaskRes.Clients.Tests.Cli;

/// <summary>A user with a home of their own, so that the tests neither see nor touch the files of whoever runs them.</summary>
public sealed class CliHome : IDisposable
{
    private static readonly string[] Foreign = ["TASKRES_", "HF_", "HUGGING_FACE_"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-cli-");

    public string File(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    /// <summary>A new folder.</summary>
    public string Folder(params string[] parts) => Directory.CreateDirectory(File(parts)).FullName;

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public ProcessStartInfo StartInfo(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "taskres"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        start.Environment["XDG_CONFIG_HOME"] = File("config");
        start.Environment["XDG_DATA_HOME"] = File("data");
        start.Environment["XDG_CACHE_HOME"] = File("cache");
        foreach (var name in start.Environment.Keys.Where(name => Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList()) start.Environment.Remove(name);
        return start;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
