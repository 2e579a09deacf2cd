using System.Text.Json;

namespace TaskRes.Core.Datasets;

/// <summary>Reads CoOp's <c>split_zhou_*.json</c>: lists <c>train</c>, <c>val</c> and <c>test</c> of [path, label, class name].</summary>
internal static class SplitFile
{
    private const long MaxLength = 256 << 20;

    /// <summary>Far more than any dataset has; a label beyond it is a fault, not a class.</summary>
    private const int MaxClasses = 100_000;

    public static ImageDataset Read(DatasetLayout layout, DatasetFolder folder)
    {
        var file = folder.File(layout.Files[0]);
        using var json = Parse(file);
        var names = new SortedDictionary<int, string>();
        var parts = new[] { "train", "val", "test" }.ToDictionary(part => part, part => Part(json.RootElement, part, names, folder, file));
        for (var label = 0; label < names.Count; label++)
            if (!names.ContainsKey(label)) throw DatasetFolder.UnknownClass(file, $"label {label}", $"no image is of it, though labels go up to {names.Keys.Last()}");
        return new ImageDataset
        {
            Name = layout.Name,
            Root = folder.Images,
            ClassNames = [.. names.Values],
            Train = parts["train"],
            Validation = parts["val"],
            Test = parts["test"],
        };
    }

    private static JsonDocument Parse(string file)
    {
        if (new FileInfo(file).Length is var length and > MaxLength)
            throw DatasetFolder.Malformed(file, "the file", $"{length} bytes are over the limit of {MaxLength}");
        try
        {
            return StrictJson.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException error)
        {
            throw DatasetFolder.Malformed(file, "the file", $"it is not JSON at line {error.LineNumber + 1}", error);
        }
    }

    private static List<LabelledImage> Part(JsonElement root, string part, SortedDictionary<int, string> names, DatasetFolder folder, string file)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(part, out var entries) || entries.ValueKind != JsonValueKind.Array)
            throw DatasetFolder.Malformed(file, part, "there is no such list");
        var images = new List<LabelledImage>(entries.GetArrayLength());
        foreach (var entry in entries.EnumerateArray())
        {
            var place = $"{part}[{images.Count}]";
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 3 || entry[0].ValueKind != JsonValueKind.String || entry[2].ValueKind != JsonValueKind.String)
                throw DatasetFolder.Malformed(file, place, "it is not [path, label, class name]");
            if (entry[1].ValueKind != JsonValueKind.Number || !entry[1].TryGetInt32(out var label) || label is < 0 or >= MaxClasses)
                throw DatasetFolder.UnknownClass(file, place, $"{entry[1].GetRawText()} is no label; labels are numbered from 0");
            var name = entry[2].GetString()!;
            if (!names.TryAdd(label, name) && names[label] != name)
                throw DatasetFolder.UnknownClass(file, place, $"label {label} is '{name}' here and '{names[label]}' before");
            images.Add(new LabelledImage(folder.Inside(entry[0].GetString()!, file, place), label));
        }

        return images;
    }
}
