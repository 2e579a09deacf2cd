namespace TaskRes.Core.Safetensors;

/// <summary>What a shape means in bytes, with overflow refused rather than wrapped.</summary>
internal static class TensorSize
{
    /// <summary>Most dimensions a tensor may have: CLIP needs four.</summary>
    public const int MaxRank = 8;

    /// <summary>The bytes of a tensor, or null for a shape with too many, negative, or overflowing dimensions.</summary>
    public static long? Bytes(ElementType type, IReadOnlyList<long> shape)
    {
        if (shape.Count > MaxRank || shape.Any(dimension => dimension < 0)) return null;
        try
        {
            return shape.Aggregate((long)type.Size(), (bytes, dimension) => checked(bytes * dimension));
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
