namespace TaskRes.Core.Safetensors;

/// <summary>The element types that are read and written; the names are the format's own, but for <c>Bool</c> (<c>BOOL</c>).</summary>
public enum ElementType
{
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U8,
    Bool,
}

public static class ElementTypes
{
    private static readonly Dictionary<string, ElementType> ByName =
        Enum.GetValues<ElementType>().ToDictionary(FormatName, StringComparer.Ordinal);

    /// <summary>Bytes an element takes.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.F64 or ElementType.I64 => 8,
        ElementType.F32 or ElementType.I32 => 4,
        ElementType.F16 or ElementType.BF16 or ElementType.I16 => 2,
        _ => 1,
    };

    /// <summary>The name as a file's header spells it.</summary>
    public static string FormatName(this ElementType type) => type is ElementType.Bool ? "BOOL" : type.ToString();

    internal static bool TryParse(string name, out ElementType type) => ByName.TryGetValue(name, out type);
}
