using System.Buffers.Binary;

namespace TaskRes.Core.Safetensors;

/// <summary>
/// The validated header of a safetensors file: eight bytes of little-endian length, that many bytes of JSON, then the
/// tensors' bytes without gap or overlap (https://huggingface.co/docs/safetensors). Whatever does not hold is refused with
/// <see cref="ErrorReason.CheckpointCorrupt"/>, naming the source, the tensor and the fault.
/// </summary>
public sealed class SafetensorsHeader
{
    /// <summary>Bytes of the length field that opens a file.</summary>
    internal const int PrefixLength = 8;

    /// <summary>
    /// The header and so the first tensor's start are padded to this many bytes when written. Files of 2022 and early 2023
    /// are not, and are sound all the same: readers that need alignment copy.
    /// </summary>
    internal const int Alignment = 8;

    /// <summary>Most bytes of JSON that are read, as in the format's reference reader.</summary>
    internal const long MaxJsonLength = 100_000_000;

    private SafetensorsHeader(
        IReadOnlyDictionary<string, TensorEntry> tensors, IReadOnlyDictionary<string, string> metadata, long dataStart)
    {
        Tensors = tensors;
        Metadata = metadata;
        DataStart = dataStart;
    }

    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>The file's free-form strings (<c>__metadata__</c>); empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Bytes from the file's start to the first tensor's.</summary>
    public long DataStart { get; }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="head">The file's first bytes, the whole header at the least.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    /// <param name="source">What to call the file in errors.</param>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> head, long fileLength, string source)
    {
        var jsonLength = JsonLength(head, fileLength, source);
        var dataStart = PrefixLength + jsonLength;
        if (head.Length < dataStart)
            throw Corrupt(source, $"the header takes {dataStart} bytes and only {head.Length} are there");

        var (tensors, metadata) = HeaderJson.Read(head.Slice(PrefixLength, jsonLength), source);
        RequireContiguous(tensors.Values, fileLength - dataStart, source);
        return new SafetensorsHeader(tensors, metadata, dataStart);
    }

    /// <summary>The length of the JSON, checked against the limit and the file's length.</summary>
    internal static int JsonLength(ReadOnlySpan<byte> head, long fileLength, string source)
    {
        if (head.Length < PrefixLength || fileLength < PrefixLength)
            throw Corrupt(source, $"it is {Math.Min(head.Length, fileLength)} bytes long, too short for a header's length");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(head);
        if (length > MaxJsonLength)
            throw Corrupt(source, $"the header claims {length} bytes, over the limit of {MaxJsonLength}: this is no safetensors file");
        if ((long)length > fileLength - PrefixLength)
            throw Corrupt(source, $"the header claims {length} bytes and the file has {fileLength}: it is truncated");
        return (int)length;
    }

    internal static TaskResException Corrupt(string source, string fault, string? tensor = null, Exception? inner = null)
    {
        var where = tensor is null ? source : $"{source}: tensor '{tensor}'";
        return new TaskResException(ErrorReason.CheckpointCorrupt, $"{where}: {fault}.", inner)
        {
            Field = tensor ?? source,
            Metadata = new Dictionary<string, string> { ["source"] = source, ["tensor"] = tensor ?? "", ["fault"] = fault },
        };
    }

    private static void RequireContiguous(IEnumerable<TensorEntry> tensors, long dataLength, string source)
    {
        var end = 0L;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Length))
        {
            if (tensor.Offset < end)
                throw Corrupt(source, $"it starts at {tensor.Offset}, inside the tensor that ends at {end}", tensor.Name);
            if (tensor.Offset > end)
                throw Corrupt(source, $"it starts at {tensor.Offset} and the tensor before it ends at {end}: the bytes between belong to none", tensor.Name);
            if (tensor.Length > dataLength - tensor.Offset)
                throw Corrupt(source, $"it ends at {tensor.Offset + tensor.Length} and the file holds {dataLength} bytes of tensors: it is truncated", tensor.Name);
            end += tensor.Length;
        }
        if (end != dataLength)
            throw Corrupt(source, $"its tensors take {end} bytes and it holds {dataLength}");
    }
}
