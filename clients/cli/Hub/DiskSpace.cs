using TaskRes.Core;

namespace TaskRes.Cli.Hub;

/// <summary>Room for what is fetched: asked for before, and missed in plain words.</summary>
internal static class DiskSpace
{
    // The numbers that Linux gives to a full disk and to a used-up quota.
    private const int NoSpace = 28, OverQuota = 122;

    /// <exception cref="TaskResException">LimitExceeded.</exception>
    public static void Require(string folder, long bytes)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (bytes > free) throw Full(folder, $"{bytes:N0} bytes are to come and {free:N0} are free");
    }

    /// <exception cref="TaskResException">LimitExceeded where the disk is full.</exception>
    public static async Task GuardAsync(Func<ValueTask> write, string path)
    {
        try
        {
            await write();
        }
        catch (IOException error) when (error.HResult is NoSpace or OverQuota)
        {
            throw Full(path, "the disk is full; what has arrived is kept, and the same command goes on from there", error);
        }
    }

    private static TaskResException Full(string path, string why, Exception? inner = null) =>
        new(ErrorReason.LimitExceeded, $"{path}: {why}. Make room, or set TASKRES_MODELS to a folder on another disk.", inner)
        {
            Metadata = new Dictionary<string, string> { ["path"] = path, ["fault"] = why },
        };
}
