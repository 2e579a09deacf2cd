using System.IO.MemoryMappedFiles;

namespace TaskRes.Core.Safetensors;

/// <summary>
/// A safetensors file, memory-mapped or in memory: its tensors are read where they lie. Files may be of any length, a
/// tensor that is read here of up to 2 GB.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int NamesInMessages = 20;

    private readonly string _source;
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly MappedFile? _mapping;

    private SafetensorsFile(string source, SafetensorsHeader header, ReadOnlyMemory<byte> memory, MappedFile? mapping)
    {
        _source = source;
        Header = header;
        _memory = memory;
        _mapping = mapping;
    }

    public SafetensorsHeader Header { get; }

    /// <summary>Maps a file and checks its header.</summary>
    /// <exception cref="TaskResException">CheckpointNotFound, or CheckpointCorrupt.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var header = ReadHeader(stream, path);
            return new SafetensorsFile(path, header, default, MappedFile.Of(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TaskResException(ErrorReason.CheckpointNotFound, $"{path}: there is no such file, or it cannot be read.", exception) { Field = path };
        }
    }

    /// <summary>Reads a file that is in memory already; the bytes must not change while it is in use.</summary>
    public static SafetensorsFile FromBytes(ReadOnlyMemory<byte> bytes, string source) =>
        new(source, SafetensorsHeader.Parse(bytes.Span, bytes.Length, source), bytes, null);

    /// <summary>The stored bytes of a tensor, uncopied: valid until this is disposed.</summary>
    /// <exception cref="TaskResException">CheckpointMismatch where there is none of that name.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var entry = Entry(name);
        if (entry.Length > int.MaxValue)
            throw new TaskResException(ErrorReason.CheckpointUnsupported, $"{_source}: tensor '{name}' takes {entry.Length} bytes, over the limit of {int.MaxValue}.") { Field = name };
        var start = Header.DataStart + entry.Offset;
        return _mapping is null
            ? _memory.Span.Slice((int)start, (int)entry.Length)
            : _mapping.Span(start, (int)entry.Length);
    }

    /// <summary>A tensor's elements, row-major, as floats: F32, F16, BF16 or F64.</summary>
    /// <exception cref="TaskResException">CheckpointMismatch where there is none of that name, or of another type.</exception>
    public float[] Floats(string name) =>
        TensorBytes.Floats(Entry(name).Type, Bytes(name)) ?? throw WrongType(name, "floating-point numbers");

    /// <summary>A tensor's elements, row-major, as integers: I64, I32, I16, I8, U8 or Bool.</summary>
    /// <exception cref="TaskResException">CheckpointMismatch where there is none of that name, or of another type.</exception>
    public long[] Integers(string name) =>
        TensorBytes.Integers(Entry(name).Type, Bytes(name)) ?? throw WrongType(name, "integers");

    /// <summary>Where a tensor lies, and its type and shape.</summary>
    /// <exception cref="TaskResException">CheckpointMismatch where there is none of that name.</exception>
    public TensorEntry Entry(string name)
    {
        if (Header.Tensors.TryGetValue(name, out var entry)) return entry;
        var names = Header.Tensors.Keys.Order(StringComparer.Ordinal).ToList();
        var more = names.Count > NamesInMessages ? $", … ({names.Count} in all)" : "";
        throw Mismatch(name, $"{_source}: there is no tensor '{name}'; there are: {string.Join(", ", names.Take(NamesInMessages))}{more}.");
    }

    public void Dispose() => _mapping?.Dispose();

    private static SafetensorsHeader ReadHeader(FileStream stream, string path)
    {
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        var read = stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        var head = new byte[prefix.Length + SafetensorsHeader.JsonLength(prefix[..read], stream.Length, path)];
        prefix.CopyTo(head);
        stream.ReadExactly(head.AsSpan(prefix.Length));
        return SafetensorsHeader.Parse(head, stream.Length, path);
    }

    private TaskResException WrongType(string name, string wanted) =>
        Mismatch(name, $"{_source}: tensor '{name}' holds {Entry(name).Type.FormatName()} where {wanted} are needed.");

    private static TaskResException Mismatch(string name, string message) =>
        new(ErrorReason.CheckpointMismatch, message) { Field = name };

    /// <summary>The mapping and the pointer held on it.</summary>
    private sealed unsafe class MappedFile : IDisposable
    {
        private readonly MemoryMappedFile _file;
        private readonly MemoryMappedViewAccessor _view;
        private readonly byte* _start;
        private bool _disposed;

        private MappedFile(MemoryMappedFile file, MemoryMappedViewAccessor view)
        {
            _file = file;
            _view = view;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
            _start += view.PointerOffset;
        }

        public static MappedFile Of(FileStream stream)
        {
            var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new MappedFile(file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read));
        }

        public ReadOnlySpan<byte> Span(long start, int length)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(SafetensorsFile));
            return new ReadOnlySpan<byte>(_start + start, length);
        }

        public void Dispose()
        {
            if (_disposed) return;
            _disposed = true;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }
}
