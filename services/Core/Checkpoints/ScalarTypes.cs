using TaskRes.Core.Safetensors;
using static TorchSharp.torch;

namespace TaskRes.Core.Checkpoints;

/// <summary>Safetensors' element types and torch's, one to one.</summary>
internal static class ScalarTypes
{
    private static readonly (ElementType Element, ScalarType Scalar)[] Pairs =
    [
        (ElementType.F64, ScalarType.Float64), (ElementType.F32, ScalarType.Float32), (ElementType.F16, ScalarType.Float16),
        (ElementType.BF16, ScalarType.BFloat16), (ElementType.I64, ScalarType.Int64), (ElementType.I32, ScalarType.Int32),
        (ElementType.I16, ScalarType.Int16), (ElementType.I8, ScalarType.Int8), (ElementType.U8, ScalarType.Byte),
        (ElementType.Bool, ScalarType.Bool),
    ];

    public static ScalarType Scalar(this ElementType type) => Pairs.First(pair => pair.Element == type).Scalar;

    /// <summary>The element type, or null for what checkpoints do not hold, such as complex numbers.</summary>
    public static ElementType? Element(this ScalarType type)
    {
        foreach (var pair in Pairs)
            if (pair.Scalar == type) return pair.Element;
        return null;
    }

    public static bool IsFloatingPoint(this ElementType type) =>
        type is ElementType.F64 or ElementType.F32 or ElementType.F16 or ElementType.BF16;
}
