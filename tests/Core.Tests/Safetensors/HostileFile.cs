using System.Buffers.Binary;
using System.Text;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Tests.Safetensors;

/// <summary>Files made by hand, header and data apart, so that each fault can be put in.</summary>
internal static class HostileFile
{
    /// <summary>Two sound tensors of eight bytes each, with metadata.</summary>
    public const string Sound =
        """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}}""";

    public static byte[] Make(string json, int dataLength = 16) => Make(Encoding.UTF8.GetBytes(json), dataLength);

    public static byte[] Make(byte[] json, int dataLength = 16)
    {
        var padded = (json.Length + 7) / 8 * 8;
        var file = new byte[8 + padded + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, padded);
        file.AsSpan(8, padded).Fill((byte)' ');
        json.CopyTo(file, 8);
        return file;
    }

    /// <summary>Reads everything there is to read.</summary>
    public static void ReadAll(ReadOnlyMemory<byte> bytes)
    {
        using var file = SafetensorsFile.FromBytes(bytes, "hostile");
        foreach (var (name, tensor) in file.Header.Tensors)
            if (tensor.Type is ElementType.F64 or ElementType.F32 or ElementType.F16 or ElementType.BF16) file.Floats(name);
            else file.Integers(name);
    }
}
