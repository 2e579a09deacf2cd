using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace TaskRes.Core.Safetensors;

/// <summary>Stored elements as .NET numbers. The format is little-endian, as is every machine that is supported.</summary>
internal static class TensorBytes
{
    public static float[]? Floats(ElementType type, ReadOnlySpan<byte> bytes)
    {
        var floats = new float[bytes.Length / type.Size()];
        switch (type)
        {
            case ElementType.F32:
                bytes.CopyTo(MemoryMarshal.AsBytes(floats.AsSpan()));
                return floats;
            case ElementType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), floats);
                return floats;
            case ElementType.BF16:
                // A bfloat16 is the upper half of a float.
                var halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (var i = 0; i < floats.Length; i++) floats[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                return floats;
            case ElementType.F64:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), floats.AsSpan());
                return floats;
            default:
                return null;
        }
    }

    public static long[]? Integers(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.I64 => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
        ElementType.I32 => Widen<int>(bytes),
        ElementType.I16 => Widen<short>(bytes),
        ElementType.I8 => Widen<sbyte>(bytes),
        ElementType.U8 or ElementType.Bool => Widen<byte>(bytes),
        _ => null,
    };

    private static long[] Widen<T>(ReadOnlySpan<byte> bytes)
        where T : struct, System.Numerics.INumberBase<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(bytes);
        var longs = new long[values.Length];
        TensorPrimitives.ConvertChecked(values, longs.AsSpan());
        return longs;
    }
}
