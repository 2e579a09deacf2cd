using System.Security.Cryptography;
using Google.Protobuf;
using TaskRes.Trainer.Backup.Format;

namespace TaskRes.Trainer.Backup;

/// <summary>Records to a file that is sent in pieces.</summary>
/// <param name="send">Takes the next piece, whose bytes are good until it returns.</param>
internal sealed class BackupWriter(Func<ReadOnlyMemory<byte>, CancellationToken, Task> send) : IDisposable
{
    public const uint FormatVersion = 1;
    public const int MaxChunkBytes = 1 << 20;

    private readonly MemoryStream _pending = new();
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly BackupTally _tally = new();

    public async Task WriteAsync(Record record, CancellationToken cancellationToken)
    {
        var start = (int)_pending.Length;
        record.WriteDelimitedTo(_pending);
        _sha256.AppendData(_pending.GetBuffer().AsSpan(start..(int)_pending.Length));
        _tally.Add(record);
        if (_pending.Length >= MaxChunkBytes) await SendAsync(cancellationToken);
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        EndOf(_tally, _sha256).WriteDelimitedTo(_pending);
        await SendAsync(cancellationToken);
    }

    /// <summary>The record that ends a file of such records before it.</summary>
    public static Record EndOf(BackupTally tally, IncrementalHash sha256) =>
        new() { End = new End { Counts = tally.Counts, Sha256 = UnsafeByteOperations.UnsafeWrap(sha256.GetCurrentHash()) } };

    public void Dispose()
    {
        _sha256.Dispose();
        _pending.Dispose();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var bytes = _pending.GetBuffer().AsMemory(0, (int)_pending.Length);
        for (var start = 0; start < bytes.Length; start += MaxChunkBytes)
            await send(bytes[start..Math.Min(bytes.Length, start + MaxChunkBytes)], cancellationToken);
        _pending.SetLength(0);
    }
}
