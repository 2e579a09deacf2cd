using TaskRes.Core.Text;

namespace TaskRes.BundledModel.Export;

/// <summary>Writes a vocabulary as Hugging Face's CLIP tokenizer reads it.</summary>
internal static class TokenizerWriter
{
    public static void Write(string folder, Vocabulary vocabulary)
    {
        Directory.CreateDirectory(folder);
        JsonOutput.Write(folder, "vocab.json", vocabulary.Ids.OrderBy(entry => entry.Value).ToDictionary(entry => entry.Key, entry => entry.Value));
        File.WriteAllLines(Path.Combine(folder, "merges.txt"), ["#version: 0.2", .. vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}")]);
        JsonOutput.Write(folder, "tokenizer_config.json", new
        {
            tokenizer_class = "CLIPTokenizer",
            model_max_length = BundledClip.ContextLength,
            bos_token = vocabulary.StartOfText,
            eos_token = vocabulary.EndOfText,
            unk_token = vocabulary.EndOfText,
            pad_token = vocabulary.EndOfText,
            do_lower_case = true,
            add_prefix_space = false,
        });
    }
}
