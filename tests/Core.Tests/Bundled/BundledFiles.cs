using System.Text.Json;
using TaskRes.Core.Clip;
using TaskRes.Core.Learning;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Bundled;

/// <summary>The model and the demo tasks that are shipped.</summary>
internal static class BundledFiles
{
    public static string Root { get; } = Path.Combine(ReferenceData.Repository, "services", "AllInOne", "Bundled");

    public static ClipEncoder LoadModel() => ClipEncoder.Load(new ClipLoadOptions { Path = Path.Combine(Root, "model"), Precision = Precision.Fp32 });

    public static BundledTask Task(string name)
    {
        var folder = Path.Combine(Root, "tasks", name);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "task.json")));
        string[] Strings(string property) => [.. json.RootElement.GetProperty(property).EnumerateArray().Select(item => item.GetString()!)];
        return new BundledTask(folder, json.RootElement.GetProperty("description").GetString()!, Strings("classes"), Strings("templates"));
    }
}

internal sealed record BundledTask(string Folder, string Description, string[] Classes, string[] Templates)
{
    public string[] Images(string split, string className) =>
        [.. Directory.GetFiles(Path.Combine(Folder, split, className)).Order(StringComparer.Ordinal)];

    public (Matrix Features, int[] Labels) Embed(string split, ClipEncoder encoder)
    {
        var files = Classes.SelectMany((name, label) => Images(split, name).Select(file => (file, label))).ToList();
        var rows = encoder.EmbedImages([.. files.Select(entry => new ReadOnlyMemory<byte>(File.ReadAllBytes(entry.file)))]);
        return (Matrix.FromRows(rows, split), [.. files.Select(entry => entry.label)]);
    }

    public Matrix Base(ClipEncoder encoder)
    {
        var prompts = Classes.SelectMany(name => Templates.Select(template => PromptTemplates.Render(template, name)));
        return BaseClassifier.FromPrompts([.. encoder.EmbedTexts([.. prompts]).Chunk(Templates.Length)]);
    }
}
