using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Google.Protobuf;
using TaskRes.Core;
using TaskRes.V1;

namespace TaskRes.Platform.Wire;

/// <summary>The values of an embedding in the format that the client asked for.</summary>
public static class WireEmbedding
{
    /// <exception cref="TaskResException">InvalidField.</exception>
    public static EmbeddingFormat Parse(EmbeddingFormat format) => Enum.IsDefined(format)
        ? format
        : throw TaskResException.Invalid("format", $"{(int)format} is none: give EMBEDDING_FORMAT_FP32, EMBEDDING_FORMAT_FP16 or EMBEDDING_FORMAT_INT8, or leave it out.");

    /// <param name="values">D values, finite.</param>
    public static Embedding From(float[] values, EmbeddingFormat format) => format switch
    {
        EmbeddingFormat.Fp16 => new Embedding { Fp16 = UnsafeByteOperations.UnsafeWrap(Halves(values)) },
        EmbeddingFormat.Int8 => Bytes(values),
        _ => new Embedding { Values = { values } },
    };

    private static byte[] Halves(float[] values)
    {
        var bounded = new float[values.Length];
        TensorPrimitives.Clamp(values, (float)Half.MinValue, (float)Half.MaxValue, bounded);
        var halves = new Half[values.Length];
        TensorPrimitives.ConvertToHalf(bounded, halves);
        return MemoryMarshal.AsBytes<Half>(halves).ToArray();
    }

    private static Embedding Bytes(float[] values)
    {
        var scale = Math.Abs(TensorPrimitives.MaxMagnitude<float>(values)) / sbyte.MaxValue;
        // Of an embedding of zeros; its direction is none in any format.
        var inverse = scale == 0 ? 0 : 1 / scale;
        return new Embedding { Int8 = UnsafeByteOperations.UnsafeWrap(Array.ConvertAll(values, value => (byte)(sbyte)MathF.Round(value * inverse))), Scale = scale };
    }
}
