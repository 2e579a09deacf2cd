using TaskRes.Core.Torch;

namespace TaskRes.Core.Checkpoints;

/// <summary>Opens a model's weights, whatever their form, under OpenAI's tensor names.</summary>
internal static class Checkpoint
{
    /// <summary>A safetensors file's length field and the brace that opens its header.</summary>
    private const int SniffedLength = 9;

    /// <summary>Where a folder's weights may lie, in the order they are looked for.</summary>
    private static readonly string[] FilesOfFolder =
    [
        "model.safetensors.index.json", "model.safetensors", "open_clip_model.safetensors",
        "pytorch_model.bin", "open_clip_pytorch_model.bin",
    ];

    /// <summary>
    /// Opens a folder, a safetensors file, an index of shards, or a TorchScript archive. A file's content decides what it
    /// is, never its name.
    /// </summary>
    /// <exception cref="TaskResException">CheckpointNotFound, CheckpointCorrupt, or CheckpointUnsupported for a pickle or an image tower that is not read.</exception>
    public static ICheckpoint Open(string path)
    {
        TorchRuntime.EnsureLoaded();
        var checkpoint = OpenFile(WeightsFile(path));
        try
        {
            if (HuggingFaceNames.Occur(checkpoint.Tensors.Keys)) return new HuggingFaceNames(checkpoint);
            return OpenClipNames.Occur(checkpoint.Tensors.Keys) ? new OpenClipNames(checkpoint, path) : checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>The folder in which a model's configuration and tokenizer lie.</summary>
    public static string Folder(string path) => Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static string WeightsFile(string path)
    {
        if (!Directory.Exists(path)) return path;
        foreach (var name in FilesOfFolder)
            if (File.Exists(Path.Combine(path, name))) return Path.Combine(path, name);

        var others = Directory.GetFiles(path, "*.safetensors");
        return others is [var only]
            ? only
            : throw CheckpointErrors.NotFound(path, $"the folder holds {others.Length} safetensors files and none of {string.Join(", ", FilesOfFolder)}; name the file");
    }

    private static ICheckpoint OpenFile(string path) => FirstBytes(path) switch
    {
        [] => throw CheckpointErrors.Corrupt(path, "the file is empty"),
        [(byte)'{', ..] => new ShardedCheckpoint(path),
        // Before the pickle: a safetensors header of 640 bytes, say, opens with a pickle's two bytes.
        [_, _, _, _, _, _, _, _, (byte)'{'] => new SafetensorsCheckpoint(path),
        [(byte)'P', (byte)'K', 3, 4, ..] => new TorchScriptCheckpoint(path),
        [PickledCheckpoint.FirstByte, >= 2 and <= 5, ..] => throw PickledCheckpoint.Refuse(path),
        _ => new SafetensorsCheckpoint(path), // whose reader says what is wrong
    };

    private static byte[] FirstBytes(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[SniffedLength];
            return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CheckpointErrors.NotFound(path, "there is no such file, or it cannot be read", error);
        }
    }
}
