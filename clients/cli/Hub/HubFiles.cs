using TaskRes.Core;

namespace TaskRes.Cli.Hub;

/// <summary>Chooses, of all that a repository holds, the files that loading needs.</summary>
internal static class HubFiles
{
    private const string Index = "model.safetensors.index.json";

    private static readonly string[] BesideWeights =
        ["config.json", "preprocessor_config.json", "open_clip_config.json", "tokenizer.json", "vocab.json", "merges.txt", "spiece.model", "tokenizer.model"];

    // In the order in which a folder's weights are looked for when it is loaded.
    private static readonly string[] Weights = ["model.safetensors", "open_clip_model.safetensors"];

    /// <exception cref="TaskResException">CheckpointUnsupported where there are only pickles, CheckpointNotFound where there are no weights.</exception>
    public static IReadOnlyList<string> Choose(string model, IReadOnlySet<string> names)
    {
        var weights = names.Contains(Index) ? [Index, .. names.Where(IsShard).Order(StringComparer.Ordinal)]
            : Weights.Where(names.Contains).Take(1).ToList();
        if (weights.Count > 0) return [.. BesideWeights.Where(names.Contains), .. weights];

        if (names.FirstOrDefault(IsPickle) is { } pickle)
            throw new TaskResException(
                ErrorReason.CheckpointUnsupported,
                $"{model}: its weights are there only as {pickle}, a pickled state dict, which is not read because pickles run code. Look for a conversion with "
                + $"{Weights[0]}; or download {pickle} yourself and load it as --model: the refusal gives the command that converts it.")
            { Field = "NAME" };
        throw new TaskResException(ErrorReason.CheckpointNotFound, $"{model}: it has none of {Index}, {string.Join(", ", Weights)}; is it a CLIP?") { Field = "NAME" };
    }

    private static bool IsShard(string name) => name.StartsWith("model-", StringComparison.Ordinal) && name.EndsWith(".safetensors", StringComparison.Ordinal) && !name.Contains('/', StringComparison.Ordinal);

    private static bool IsPickle(string name) => name.EndsWith(".bin", StringComparison.Ordinal) || name.EndsWith(".pt", StringComparison.Ordinal);
}
