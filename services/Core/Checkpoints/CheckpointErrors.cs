namespace TaskRes.Core.Checkpoints;

/// <summary>The refusals of model files, each naming the file.</summary>
internal static class CheckpointErrors
{
    public static TaskResException NotFound(string path, string why, Exception? inner = null) =>
        Make(ErrorReason.CheckpointNotFound, path, why, inner);

    public static TaskResException Corrupt(string path, string why, Exception? inner = null) =>
        Make(ErrorReason.CheckpointCorrupt, path, why, inner);

    public static TaskResException Unsupported(string path, string why) =>
        Make(ErrorReason.CheckpointUnsupported, path, why, null);

    private static TaskResException Make(ErrorReason reason, string path, string why, Exception? inner) =>
        new(reason, $"{path}: {why}.", inner)
        {
            Field = path,
            Metadata = new Dictionary<string, string> { ["path"] = path, ["fault"] = why },
        };
}
