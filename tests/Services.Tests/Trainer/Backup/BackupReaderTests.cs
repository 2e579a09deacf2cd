using Google.Protobuf;
using TaskRes.Core;
using TaskRes.Trainer.Backup.Format;
using Record = TaskRes.Trainer.Backup.Format.Record;
using Stored = TaskRes.Platform.Registry.Stored;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer.Backup;

public sealed class BackupReaderTests
{
    private static readonly Record[] Records =
    [
        new() { Header = new Header { FormatVersion = 1, Tenant = "tenants/acme" } },
        new() { Tenant = new Stored.Tenant { Name = "tenants/acme" } },
        new() { ApiKey = new Stored.ApiKey { Name = "tenants/acme/apiKeys/k" } },
        new() { Task = new Stored.Task { Name = "tenants/acme/tasks/gone" } },
        new() { Example = new Stored.Example { ClassIndex = 7 } },
        new() { TaskEnd = new TaskEnd { Deleted = true } },
        new() { Task = new Stored.Task { Name = "tenants/acme/tasks/t" } },
        new() { Example = new Stored.Example { ClassIndex = 1 } },
        new() { Revision = new Stored.Revision { Length = 300 } },
        new() { RevisionPart = ByteString.CopyFrom(new byte[300]) },
        new() { Served = new Served { Revisions = { "r" } } },
        new() { TaskEnd = new TaskEnd() },
    ];

    [Fact]
    public async Task ReadAsync_WholeFile_CountsWhatDoesNotGoAway() =>
        Assert.Equal(new Counts { Tasks = 1, Examples = 1, Revisions = 1, ApiKeys = 1 }, await BackupFile.ReadAsync(await BackupFile.WriteAsync(Records)));

    [Fact]
    public async Task ReadAsync_CutAtAnyByte_SaysWhereItEnds()
    {
        var file = await BackupFile.WriteAsync(Records);
        for (var length = 0; length < file.Length; length++)
        {
            var error = await RefusedAsync(file[..length]);
            Assert.Contains("the file ends here", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadAsync_AnyBitFlipped_IsRefusedNamingARecord()
    {
        var file = await BackupFile.WriteAsync(Records);
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            var altered = file.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.InRange(int.Parse((await RefusedAsync(altered)).Metadata["record"], System.Globalization.CultureInfo.InvariantCulture), 1, Records.Length + 2);
        }
    }

    [Fact]
    public async Task ReadAsync_MoreAfterTheEnd_IsRefused() =>
        Assert.Contains("more follows", (await RefusedAsync([.. await BackupFile.WriteAsync(Records), 0])).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ReadAsync_RecordsOutOfOrder_AreRefusedThoughTheDigestIsRight()
    {
        foreach (var order in new[] { new[] { 1, 0 }, [0, 1, 4], [0, 1, 3, 5, 2], [0, 1, 6, 8, 11], [0, 1, 6, 10], [0, 1, 6], [] })
        {
            var error = await RefusedAsync(await BackupFile.WriteAsync(order.Select(i => Records[i])));
            Assert.Contains("cannot stand here", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadAsync_LengthBeyondAnyRecord_IsRefusedWithoutTheMemory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = await RefusedAsync([0xff, 0xff, 0xff, 0x7f]);
        Assert.Contains("no record has more than", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static async Task<TaskResException> RefusedAsync(byte[] file)
    {
        var error = await Assert.ThrowsAsync<TaskResException>(() => BackupFile.ReadAsync(file));
        Assert.Equal(ErrorReason.RevisionCorrupt, error.Reason);
        return error;
    }
}
