namespace TaskRes.Core.Text;

/// <summary>The error of a tokenizer file: which file, what is wrong with it.</summary>
internal static class TokenizerFault
{
    public static TaskResException Of(string path, string fault, Exception? inner = null) =>
        new(ErrorReason.TokenizerInvalid, $"{path}: {fault}.", inner)
        {
            Field = Path.GetFileName(path),
            Metadata = new Dictionary<string, string> { ["file"] = path, ["fault"] = fault },
        };
}
