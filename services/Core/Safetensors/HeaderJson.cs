using System.Text.Json;

namespace TaskRes.Core.Safetensors;

/// <summary>Reads a header's JSON token by token: nothing unexpected is skipped, nothing is read twice.</summary>
internal ref struct HeaderJson
{
    public const string MetadataName = "__metadata__";

    /// <summary>The header's object, a tensor's object, its array.</summary>
    private const int MaxDepth = 3;

    private readonly string _source;
    private readonly Dictionary<string, TensorEntry> _tensors = new(StringComparer.Ordinal);
    private Dictionary<string, string>? _metadata;
    private Utf8JsonReader _json;

    private HeaderJson(ReadOnlySpan<byte> json, string source)
    {
        _source = source;
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    public static (IReadOnlyDictionary<string, TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(
        ReadOnlySpan<byte> json, string source)
    {
        if (json.IsEmpty || json[0] != (byte)'{') throw SafetensorsHeader.Corrupt(source, "the header does not open with '{'");
        var reader = new HeaderJson(json, source);
        try
        {
            reader.ReadAll();
        }
        // The reader reports text that is not UTF-8 as an invalid operation.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw SafetensorsHeader.Corrupt(source, "the header is not JSON of the expected shape", inner: exception);
        }
        return (reader._tensors, reader._metadata ?? []);
    }

    private void ReadAll()
    {
        Expect(JsonTokenType.StartObject, "the header");
        while (NextProperty("the header") is { } name)
        {
            if (name == MetadataName) ReadMetadata();
            else if (!_tensors.TryAdd(name, ReadTensor(name))) throw SafetensorsHeader.Corrupt(_source, "its name occurs twice", name);
        }
        _json.Read(); // throws where anything but white space follows
    }

    private void ReadMetadata()
    {
        if (_metadata is not null) throw SafetensorsHeader.Corrupt(_source, $"{MetadataName} occurs twice");
        _metadata = new(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject, MetadataName);
        while (NextProperty(MetadataName) is { } key)
        {
            Expect(JsonTokenType.String, $"{MetadataName}.{key}");
            if (!_metadata.TryAdd(key, _json.GetString()!)) throw SafetensorsHeader.Corrupt(_source, $"{MetadataName}.{key} occurs twice");
        }
    }

    private TensorEntry ReadTensor(string name)
    {
        ElementType? type = null;
        List<long>? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject, name);
        while (NextProperty(name) is { } field)
        {
            switch (field)
            {
                case "dtype" when type is null:
                    type = ReadType(name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(name, field, TensorSize.MaxRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(name, field, 2);
                    break;
                default:
                    throw SafetensorsHeader.Corrupt(_source, $"its field '{field}' is unknown or occurs twice", name);
            }
        }
        if (type is null || shape is null || offsets is not [var start, var end])
            throw SafetensorsHeader.Corrupt(_source, "it lacks dtype, shape, or two data_offsets", name);
        return Entry(name, type.Value, shape, start, end);
    }

    private readonly TensorEntry Entry(string name, ElementType type, List<long> shape, long start, long end)
    {
        if (TensorSize.Bytes(type, shape) is not { } bytes)
            throw SafetensorsHeader.Corrupt(_source, $"its shape [{string.Join(", ", shape)}] is negative or too large", name);
        if (start < 0 || end < start || end - start != bytes)
            throw SafetensorsHeader.Corrupt(_source, $"its shape [{string.Join(", ", shape)}] of {type.FormatName()} takes {bytes} bytes and its data_offsets are [{start}, {end}]", name);
        return new TensorEntry(name, type, shape, start, bytes);
    }

    private ElementType ReadType(string tensor)
    {
        Expect(JsonTokenType.String, tensor);
        var name = _json.GetString()!;
        return ElementTypes.TryParse(name, out var type)
            ? type
            : throw SafetensorsHeader.Corrupt(_source, $"its dtype '{name}' is none of {string.Join(", ", Enum.GetValues<ElementType>().Select(ElementTypes.FormatName))}", tensor);
    }

    private List<long> ReadNumbers(string tensor, string field, int most)
    {
        var numbers = new List<long>();
        Expect(JsonTokenType.StartArray, tensor);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var number))
                throw SafetensorsHeader.Corrupt(_source, $"its {field} holds what is no 64-bit whole number", tensor);
            if (numbers.Count == most)
                throw SafetensorsHeader.Corrupt(_source, $"its {field} has more than {most} numbers", tensor);
            numbers.Add(number);
        }
        return numbers;
    }

    private string? NextProperty(string within)
    {
        if (!_json.Read()) throw SafetensorsHeader.Corrupt(_source, $"the header ends inside {within}");
        return _json.TokenType == JsonTokenType.EndObject ? null : _json.GetString();
    }

    private void Expect(JsonTokenType token, string where)
    {
        if (!_json.Read() || _json.TokenType != token)
            throw SafetensorsHeader.Corrupt(_source, $"the header holds {_json.TokenType} for {where} where {token} belongs");
    }
}
