using TaskRes.Core;
using TaskRes.Trainer.Backup;
using TaskRes.Trainer.Backup.Format;
using Record = TaskRes.Trainer.Backup.Format.Record;

namespace TaskRes.Services.Tests.Trainer.Backup;

/// <summary>A backup's bytes as its records, and records as the bytes that the writer makes of them, digest and all.</summary>
internal static class BackupFile
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<byte[]> WriteAsync(IEnumerable<Record> records)
    {
        var file = new MemoryStream();
        using var writer = new BackupWriter((chunk, token) => file.WriteAsync(chunk, token).AsTask());
        foreach (var record in records) await writer.WriteAsync(record, Cancel);
        await writer.EndAsync(Cancel);
        return file.ToArray();
    }

    /// <summary>All but the end record, read without any check.</summary>
    public static List<Record> Records(byte[] file) => [.. Ends(file).Records[..^1]];

    /// <summary>The records, and where each ends.</summary>
    public static (List<Record> Records, List<int> Ends) Ends(byte[] file)
    {
        var (records, ends, stream) = (new List<Record>(), new List<int>(), new MemoryStream(file));
        while (stream.Position < stream.Length)
        {
            records.Add(Record.Parser.ParseDelimitedFrom(stream));
            ends.Add((int)stream.Position);
        }

        return (records, ends);
    }

    /// <summary>Reads to the end as an import does, and restores nothing.</summary>
    /// <exception cref="TaskResException">What is wrong with the file.</exception>
    public static async Task<Counts> ReadAsync(byte[] file)
    {
        await using var chunks = BackupUnderTest.Chunks(file).GetAsyncEnumerator(Cancel);
        using var reader = new BackupReader(chunks);
        while (!(await reader.ReadAsync(Cancel)).HasEnd()) { }
        return reader.Counts;
    }

    private static bool HasEnd(this Record record) => record.KindCase == Record.KindOneofCase.End;
}
