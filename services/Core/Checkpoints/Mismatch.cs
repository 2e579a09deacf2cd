namespace TaskRes.Core.Checkpoints;

/// <summary>The one report of all tensors that do not fit: short for people, whole for programs.</summary>
internal static class Mismatch
{
    private const int NamesInMessage = 8;

    public static TaskResException Of(List<string> missing, List<string> extra, List<string> misshapen)
    {
        var parts = new[] { Part("missing", missing), Part("extra", extra), Part("misshapen", misshapen) };
        return new TaskResException(
            ErrorReason.CheckpointMismatch,
            $"The checkpoint does not fit a CLIP of its sizes: {string.Join("; ", parts.Where(part => part.Length > 0))}.")
        {
            Field = missing.Concat(misshapen).Concat(extra).First(),
            Metadata = new Dictionary<string, string>
            {
                ["missing"] = string.Join('\n', missing),
                ["extra"] = string.Join('\n', extra),
                ["misshapen"] = string.Join('\n', misshapen),
            },
        };
    }

    private static string Part(string fault, List<string> names)
    {
        if (names.Count == 0) return "";
        var more = names.Count > NamesInMessage ? $", … ({names.Count} in all)" : "";
        return $"{fault}: {string.Join(", ", names.Take(NamesInMessage))}{more}";
    }
}
