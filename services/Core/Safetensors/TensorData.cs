using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace TaskRes.Core.Safetensors;

/// <summary>
/// A tensor to be written. Its bytes are asked for when their turn comes, so that a large file need never be in memory
/// as a whole.
/// </summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Type">The element type as stored.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Bytes">Gives the elements, row-major and little-endian: the product of the shape times the element's size.</param>
public sealed record TensorData(string Name, ElementType Type, IReadOnlyList<long> Shape, Func<ReadOnlyMemory<byte>> Bytes)
{
    /// <summary>Floats stored as they are.</summary>
    public static TensorData F32(string name, float[] values, params IReadOnlyList<long> shape) =>
        new(name, ElementType.F32, shape, () => MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>Floats stored as halves, rounded to nearest.</summary>
    public static TensorData F16(string name, float[] values, params IReadOnlyList<long> shape) =>
        new(name, ElementType.F16, shape, () =>
        {
            var halves = new Half[values.Length];
            TensorPrimitives.ConvertToHalf(values, halves);
            return MemoryMarshal.AsBytes(halves.AsSpan()).ToArray();
        });

    /// <summary>64-bit integers stored as they are.</summary>
    public static TensorData I64(string name, long[] values, params IReadOnlyList<long> shape) =>
        new(name, ElementType.I64, shape, () => MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
