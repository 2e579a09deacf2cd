using TaskRes.Core.Safetensors;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Checkpoints;

/// <summary>A temporary folder with altered copies of the small golden models.</summary>
internal sealed class ModelFolder : IDisposable
{
    public static string OpenAIFile => ReferenceData.Golden("vit", "openai.safetensors");

    public string Root { get; } = Directory.CreateTempSubdirectory("taskres-model-").FullName;

    public string File(string name) => Path.Combine(Root, name);

    public string Write(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <summary>The small ViT as a safetensors file, its tensors altered.</summary>
    public string Altered(string name, Func<TensorData, TensorData?> alter, params TensorData[] added) =>
        Save(name, [.. Tensors(OpenAIFile).Select(alter).OfType<TensorData>(), .. added]);

    public string Save(string name, IReadOnlyList<TensorData> tensors)
    {
        SafetensorsWriter.Write(File(name), tensors);
        return File(name);
    }

    /// <summary>The small Hugging Face folder, copied.</summary>
    public void CopyHuggingFace()
    {
        foreach (var file in Directory.GetFiles(ReferenceData.Golden("vit", "hf")))
            System.IO.File.Copy(file, File(Path.GetFileName(file)), overwrite: true);
    }

    public static IReadOnlyList<TensorData> Tensors(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return [.. file.Header.Tensors.Values.Select(entry =>
        {
            var bytes = file.Bytes(entry.Name).ToArray();
            return new TensorData(entry.Name, entry.Type, entry.Shape, () => bytes);
        })];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
