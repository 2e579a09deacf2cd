using TaskRes.Cli.Hub;
using TaskRes.Cli.Output;

namespace TaskRes.Clients.Tests.Hub.Support;

/// <summary>A store of one test's own, and the pulls into it.</summary>
internal sealed class PullHome : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-hub-");

    public PullHome() => Store = new ModelStore(Folder);

    public string Folder => _folder.FullName;

    public ModelStore Store { get; }

    public Arrivals Arrivals { get; } = new();

    public Task<(ModelManifest Model, bool IsNew)> PullAsync(
        HubServer server, string name, string? revision = null, Func<HubOptions, HubOptions>? with = null, CancellationToken? cancellationToken = null)
    {
        var options = new HubOptions { Endpoint = server.Endpoint, ArchiveMirror = server.Endpoint, FirstDelay = TimeSpan.FromMilliseconds(1), MaxAttempts = 3 };
        return new ModelPull(Store, with?.Invoke(options) ?? options).RunAsync(name, revision, Arrivals, cancellationToken ?? TestContext.Current.CancellationToken);
    }

    /// <summary>The files of a model in the store, the manifest left out.</summary>
    public IEnumerable<string> Files(string name) =>
        Directory.GetFiles(Store.PathOf(name)).Select(file => Path.GetFileName(file)).Where(file => file != ModelManifest.FileName).Order(StringComparer.Ordinal);

    public byte[] Read(string name, string file) => File.ReadAllBytes(Path.Combine(Store.PathOf(name), file));

    /// <summary>How much of a file has arrived in the unfinished model.</summary>
    public long Unfinished(string name, string file) => new FileInfo(Path.Combine(Store.UnfinishedOf(name), file)) is { Exists: true } info ? info.Length : 0;

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>Progress that a test can wait for.</summary>
internal sealed class Arrivals : IProgress<Step>
{
    private readonly TaskCompletionSource _third = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done once a third of all there is has arrived.</summary>
    public Task Third => _third.Task;

    public void Report(Step value)
    {
        if (value.Done * 3 >= value.Total) _third.TrySetResult();
    }
}
