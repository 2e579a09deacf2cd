namespace TaskRes.Core.Safetensors;

/// <summary>Where a tensor lies in a file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its dimensions, outermost first; none for a scalar.</param>
/// <param name="Offset">Bytes from <see cref="SafetensorsHeader.DataStart"/> to its first element.</param>
/// <param name="Length">Bytes it takes: the product of the shape times the element's size.</param>
public sealed record TensorEntry(string Name, ElementType Type, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>The shape as people write it, such as <c>[40, 512]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
