using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TaskRes.Core.Safetensors;

/// <summary>
/// Writes safetensors files. The same tensors and metadata give the same bytes, whatever their order: names are sorted,
/// the data lies by descending element size and then by name, so that every tensor is aligned.
/// </summary>
public static class SafetensorsWriter
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    /// <summary>A whole file as one array, for small files.</summary>
    public static byte[] ToBytes(IReadOnlyList<TensorData> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    /// <summary>Writes to a file that appears whole or not at all: a temporary beside it takes its place when complete.</summary>
    /// <exception cref="TaskResException">InvalidField where the path cannot be written or the tensors do not hold together.</exception>
    public static void Write(string path, IReadOnlyList<TensorData> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                Write(stream, tensors, metadata);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TaskResException(ErrorReason.InvalidField, $"{path}: the file cannot be written: {exception.Message}", exception) { Field = path };
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }

    /// <summary>Writes to a stream, one tensor after the other.</summary>
    /// <exception cref="TaskResException">InvalidField where names repeat, or bytes and shape differ.</exception>
    public static void Write(Stream stream, IReadOnlyList<TensorData> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var layout = Layout(tensors);
        stream.Write(Header(layout, metadata ?? NoMetadata));
        foreach (var (tensor, start, end) in layout)
        {
            var bytes = tensor.Bytes();
            if (bytes.Length != end - start)
                throw TaskResException.Invalid(tensor.Name, $"the shape [{string.Join(", ", tensor.Shape)}] of {tensor.Type.FormatName()} takes {end - start} bytes and there are {bytes.Length}.");
            stream.Write(bytes.Span);
        }
    }

    private static List<(TensorData Tensor, long Start, long End)> Layout(IReadOnlyList<TensorData> tensors)
    {
        var layout = new List<(TensorData, long, long)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var end = 0L;
        foreach (var tensor in tensors.OrderByDescending(tensor => tensor.Type.Size()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            if (tensor.Name == HeaderJson.MetadataName) throw TaskResException.Invalid(tensor.Name, "the format keeps this name for itself.");
            if (!names.Add(tensor.Name)) throw TaskResException.Invalid(tensor.Name, "two tensors have this name.");
            var bytes = TensorSize.Bytes(tensor.Type, tensor.Shape)
                ?? throw TaskResException.Invalid(tensor.Name, $"the shape [{string.Join(", ", tensor.Shape)}] is negative or too large.");
            layout.Add((tensor, end, end + bytes));
            end += bytes;
        }
        return layout;
    }

    private static ReadOnlySpan<byte> Header(List<(TensorData Tensor, long Start, long End)> layout, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Advance(Clear(buffer, SafetensorsHeader.PrefixLength, 0));
        WriteJson(buffer, layout, metadata);
        var padding = -buffer.WrittenCount & (SafetensorsHeader.Alignment - 1);
        buffer.Advance(Clear(buffer, padding, (byte)' '));

        var header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - SafetensorsHeader.PrefixLength);
        return header;
    }

    private static int Clear(ArrayBufferWriter<byte> buffer, int count, byte value)
    {
        buffer.GetSpan(count)[..count].Fill(value);
        return count;
    }

    private static void WriteJson(
        ArrayBufferWriter<byte> buffer, List<(TensorData Tensor, long Start, long End)> layout, IReadOnlyDictionary<string, string> metadata)
    {
        // The file is never part of a web page: text is kept readable rather than escaped for one.
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        if (metadata.Count > 0)
        {
            json.WriteStartObject(HeaderJson.MetadataName);
            foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
            json.WriteEndObject();
        }
        foreach (var (tensor, start, end) in layout.OrderBy(item => item.Tensor.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.Type.FormatName());
            WriteNumbers(json, "shape", tensor.Shape);
            WriteNumbers(json, "data_offsets", [start, end]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
