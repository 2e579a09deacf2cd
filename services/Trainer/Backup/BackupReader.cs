using System.Buffers;
using System.Security.Cryptography;
using Google.Protobuf;
using TaskRes.Core;
using TaskRes.Platform.Limits;
using TaskRes.Trainer.Backup.Format;

namespace TaskRes.Trainer.Backup;

/// <summary>
/// Records from a file that comes in pieces, one at a time and in their order. The end record is given only where all before it is what was
/// written, byte for byte, and nothing comes after it: until then, nothing that was read is to be believed.
/// </summary>
/// <param name="chunks">The file's pieces.</param>
internal sealed class BackupReader(IAsyncEnumerator<ReadOnlyMemory<byte>> chunks) : IDisposable
{
    // What the registry stores came in a message.
    private const int MaxRecordBytes = RequestLimits.MaxMessageBytes;

    // 7 bits a byte.
    private const int MaxLengthBytes = 4;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly BackupTally _tally = new();
    private ReadOnlyMemory<byte> _chunk;
    private Record.KindOneofCase _previous;
    private long _offset;
    private int _number;

    /// <summary>What was read, whole tasks alone.</summary>
    public Counts Counts => _tally.Counts;

    /// <exception cref="TaskResException">RevisionCorrupt.</exception>
    public async ValueTask<Record> ReadAsync(CancellationToken cancellationToken)
    {
        _number++;
        _offset += _bytes.WrittenCount;
        _bytes.ResetWrittenCount();
        var length = await ReadLengthAsync(cancellationToken);
        var prefix = _bytes.WrittenCount;
        for (var missing = length; missing > 0;) missing -= await TakeAsync(missing, cancellationToken);
        var record = Parse(_bytes.WrittenMemory[prefix..]);
        if (!BackupOrder.MayFollow(_previous, record.KindCase)) throw Fault($"a record of the kind {record.KindCase} cannot stand here: the file was altered, or a newer version wrote it.");
        _previous = record.KindCase;
        if (record.KindCase == Record.KindOneofCase.End)
        {
            await RequireEndAsync(record.End, cancellationToken);
            return record;
        }

        _sha256.AppendData(_bytes.WrittenSpan);
        _tally.Add(record);
        return record;
    }

    /// <summary>An error of the record that was read last.</summary>
    public TaskResException Fault(string fault, Exception? inner = null) => Wrap(ErrorReason.RevisionCorrupt, fault, null, inner);

    /// <summary>The same error, which says in which record it was.</summary>
    public TaskResException Fault(TaskResException error) => Wrap(error.Reason, error.Message, error, error);

    public void Dispose() => _sha256.Dispose();

    private TaskResException Wrap(ErrorReason reason, string fault, TaskResException? error, Exception? inner) =>
        new(reason, $"Record {_number} of the backup, at byte {_offset}: {fault} Nothing was restored.", inner)
        {
            Field = error?.Field,
            Metadata = new Dictionary<string, string>(error?.Metadata ?? new Dictionary<string, string>()) { ["record"] = $"{_number}", ["byte"] = $"{_offset}" },
        };

    private async ValueTask<int> ReadLengthAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        for (var i = 0; i < MaxLengthBytes; i++)
        {
            await TakeAsync(1, cancellationToken);
            var digit = _bytes.WrittenSpan[^1];
            length |= (digit & 0x7f) << (7 * i);
            if (digit < 0x80) return length <= MaxRecordBytes ? length : throw Fault($"it claims to have {length} bytes, and no record has more than {MaxRecordBytes}: the file was altered.");
        }

        throw Fault("its length is none: the file was altered.");
    }

    // As many bytes as are there, at least one.
    private async ValueTask<int> TakeAsync(int most, CancellationToken cancellationToken)
    {
        if (!await HasMoreAsync(cancellationToken)) throw Fault("the file ends here, before its end record: it is not whole.");
        var taken = Math.Min(most, _chunk.Length);
        _bytes.Write(_chunk.Span[..taken]);
        _chunk = _chunk[taken..];
        return taken;
    }

    private async ValueTask<bool> HasMoreAsync(CancellationToken cancellationToken)
    {
        while (_chunk.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await chunks.MoveNextAsync()) return false;
            _chunk = chunks.Current;
        }

        return true;
    }

    private Record Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Record.Parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw Fault("it is not a record: the file was altered.", exception);
        }
    }

    private async Task RequireEndAsync(End end, CancellationToken cancellationToken)
    {
        var expected = BackupWriter.EndOf(_tally, _sha256);
        if (!end.Sha256.Equals(expected.End.Sha256)) throw Fault($"the SHA-256 of the {_number - 1} records before it is another than it says: the file was altered.");
        using var whole = new MemoryStream();
        expected.WriteDelimitedTo(whole);
        if (!_bytes.WrittenSpan.SequenceEqual(whole.ToArray())) throw Fault("it counts other records than there are: the file was altered.");
        if (await HasMoreAsync(cancellationToken)) throw Fault("more follows the end record: the file was altered.");
    }
}
