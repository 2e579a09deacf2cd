namespace TaskRes.Core.Checkpoints;

/// <summary>
/// Pickled state dicts are not read: a pickle is a program that its reader runs. The refusal says how to turn one into
/// safetensors.
/// </summary>
internal static class PickledCheckpoint
{
    /// <summary>The opcode that opens every pickle since protocol 2, and so the files of <c>torch.save</c> before its zip format.</summary>
    public const byte FirstByte = 0x80;

    public static TaskResException Refuse(string path)
    {
        var target = Path.ChangeExtension(path, ".safetensors");
        var conversion =
            "python3 -c \"import sys, torch; from safetensors.torch import save_file; "
            + "d = torch.load(sys.argv[1], map_location='cpu', weights_only=True); d = d.get('state_dict', d); "
            + "save_file({k.removeprefix('module.'): v.clone().contiguous() for k, v in d.items() if torch.is_tensor(v)}, sys.argv[2])\" "
            + $"'{path}' '{target}'";
        return new TaskResException(
            ErrorReason.CheckpointUnsupported,
            $"{path}: a pickled state dict, which is not read because pickles run code. Convert it once, then load '{target}': {conversion}")
        {
            Field = path,
            Metadata = new Dictionary<string, string> { ["path"] = path, ["conversion"] = conversion },
        };
    }
}
