using TaskRes.Clients.Tests.Cli;
using TaskRes.Tests;

namespace TaskRes.Clients.Tests.Hub.Support;

/// <summary>Repositories that are as real ones, but small.</summary>
internal static class SmallModels
{
    public const string Weights = "model.safetensors";

    /// <summary>Bytes that are no model: enough for all but loading.</summary>
    public static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static HubRepository AddModel(this HubServer server, string name, byte[] weights) =>
        server.Add(name).Small("config.json", "{}").Small("README.md", "# A model").Large("pytorch_model.bin", [1, 2, 3]).Large(Weights, weights);

    /// <summary>The small golden CLIP with a tokenizer: one that loads.</summary>
    public static HubRepository AddClip(this HubServer server, string name, CliHome home)
    {
        var tokenizer = SmallTokenizer.Write(home.Folder("hub-tokenizer"));
        var repository = server.Add(name).Small("README.md", "# A model").Large(Weights, File.ReadAllBytes(ReferenceData.Golden("vit", "hf", Weights)));
        foreach (var file in new[] { "config.json", "preprocessor_config.json" })
            if (File.Exists(ReferenceData.Golden("vit", "hf", file))) repository.Small(file, File.ReadAllText(ReferenceData.Golden("vit", "hf", file)));
        return repository.Small("vocab.json", File.ReadAllText(Path.Combine(tokenizer, "vocab.json"))).Small("merges.txt", File.ReadAllText(Path.Combine(tokenizer, "merges.txt")));
    }
}
