using System.Buffers.Binary;
using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>Embeddings out of messages.</summary>
public static class EmbeddingExtensions
{
    /// <summary>The values, D of them, whatever format they came in.</summary>
    public static float[] ToFloats(this Embedding embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        if (!embedding.Int8.IsEmpty) return Array.ConvertAll(embedding.Int8.ToByteArray(), value => (sbyte)value * embedding.Scale);
        if (embedding.Fp16.IsEmpty) return [.. embedding.Values];
        var values = new float[embedding.Fp16.Length / 2];
        for (var i = 0; i < values.Length; i++) values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(embedding.Fp16.Span[(2 * i)..]);
        return values;
    }
}
