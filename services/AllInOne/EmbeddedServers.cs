using Microsoft.Extensions.Options;

namespace TaskRes.AllInOne;

/// <summary>
/// The two Redis roles in this process, started when they are first asked for. The container disposes them after
/// everything that was made with their addresses.
/// </summary>
internal sealed class EmbeddedServers : IDisposable
{
    public EmbeddedServers(IOptions<SuiteStorageOptions> options, ILoggerFactory loggers)
    {
        Registry = EmbeddedRedis.StartRegistry(Path.Combine(options.Value.Folder, "registry"), loggers);
        Cache = EmbeddedRedis.StartCache(loggers);
    }

    public EmbeddedRedis Registry { get; }

    public EmbeddedRedis Cache { get; }

    public void Dispose()
    {
        Cache.Dispose();
        Registry.Dispose();
    }
}
