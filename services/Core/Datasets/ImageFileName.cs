namespace TaskRes.Core.Datasets;

/// <summary>Images by the names of their files.</summary>
public static class ImageFileName
{
    /// <summary>Of the formats that are decoded.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"];

    public static bool IsImage(string name) => Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);
}
