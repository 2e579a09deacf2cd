using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;
using TaskRes.Core;

namespace TaskRes.AllInOne;

/// <summary>
/// A Redis-protocol server (Garnet) inside this process, on a loopback port of its own choosing. The registry keeps an
/// append-only file in its folder and spills to disk what does not fit into memory; the cache keeps to its memory and
/// drops the oldest.
/// </summary>
internal sealed class EmbeddedRedis : IDisposable
{
    private readonly GarnetServer _server;
    private readonly FileStream? _folderLock;

    private EmbeddedRedis(ILoggerFactory loggers, FileStream? folderLock, params string[] arguments)
    {
        var port = FreePort();
        _folderLock = folderLock;
        // Without its transaction mode the scripts of two connections interleave.
        _server = new GarnetServer(
            ["--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "-q", "--lua", "--lua-transaction-mode", .. arguments], loggers);
        _server.Start();
        ConnectionString = $"127.0.0.1:{port}";
    }

    /// <summary>For StackExchange.Redis.</summary>
    public string ConnectionString { get; }

    /// <summary>A server whose every acknowledged write is in the append-only file; what is there is recovered first.</summary>
    /// <param name="folder">Made where absent; one process at a time may own it.</param>
    /// <exception cref="TaskResException">Conflict, where another process owns the folder.</exception>
    public static EmbeddedRedis StartRegistry(string folder, ILoggerFactory loggers) => new(
        loggers,
        Lock(folder),
        "--memory", "64m", "--page", "4m", "--index", "4m", "--storage-tier", "--logdir", folder, "--fail-on-recovery-error",
        "--aof", "--aof-memory", "32m", "--aof-page-size", "8m", "--aof-size-limit", "512m", "--recover",
        "--checkpointdir", folder,
        // The default device crashes where io_uring and libaio are absent.
        "--device-type", "RandomAccess");

    public static EmbeddedRedis StartCache(ILoggerFactory loggers) =>
        new(loggers, null, "--memory", "128m", "--page", "4m", "--index", "4m");

    public void Dispose()
    {
        _server.Dispose();
        _folderLock?.Dispose();
    }

    // Garnet opens its files shared, and two servers on one folder would corrupt it.
    private static FileStream Lock(string folder)
    {
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new TaskResException(
                ErrorReason.Conflict, $"The data folder {folder} is in use by another process: stop that one, or name another folder.", e);
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
