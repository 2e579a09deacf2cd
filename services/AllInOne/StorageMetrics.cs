using System.Diagnostics.Metrics;
using TaskRes.Platform.Telemetry;

namespace TaskRes.AllInOne;

/// <summary>The disk that the embedded registry is on.</summary>
internal static class StorageMetrics
{
    public static void Observe(string folder)
    {
        var disk = new DriveInfo(Path.GetFullPath(folder));
        TaskResTelemetry.Meter.CreateObservableGauge(MetricNames.StorageFree, () => Read(disk, disk => disk.AvailableFreeSpace), "By", "Room that is left on the disk of the data folder.");
        TaskResTelemetry.Meter.CreateObservableGauge(MetricNames.StorageSize, () => Read(disk, disk => disk.TotalSize), "By", "Size of that disk.");
    }

    // The folder is not there before the first start, nor after the last.
    private static IEnumerable<Measurement<long>> Read(DriveInfo disk, Func<DriveInfo, long> size) => disk.IsReady ? [new Measurement<long>(size(disk))] : [];
}
