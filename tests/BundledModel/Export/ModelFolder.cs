using TaskRes.BundledModel.Training;
using TaskRes.Core.Clip;
using TaskRes.Core.Safetensors;
using TaskRes.Core.Text;
using static TorchSharp.torch;

namespace TaskRes.BundledModel.Export;

/// <summary>Writes what was trained as a Hugging Face folder, in halves.</summary>
internal static class ModelFolder
{
    private const string TextProjection = "text_projection.weight";

    private static readonly string[] TokenizerFiles = ["vocab.json", "merges.txt", "tokenizer_config.json"];

    /// <param name="work">The folder that was trained in.</param>
    /// <param name="folder">Where the model goes.</param>
    /// <param name="textScale">
    /// What the text projection is multiplied by. No cosine changes by it, but a residual's steps are relative to the length
    /// of a text's raw embedding.
    /// </param>
    public static void Write(string work, string folder, double textScale)
    {
        var vocabularySize = ClipTokenizer.Load(work).VocabularySize;
        var config = BundledClip.Config(vocabularySize);
        using var trainer = TrainingState.Load(TrainingOptions.StateIn(work), config);

        Directory.CreateDirectory(folder);
        foreach (var file in TokenizerFiles) File.Copy(Path.Combine(work, file), Path.Combine(folder, file), overwrite: true);
        JsonOutput.Write(folder, "config.json", RandomClip.ConfigJson(config));
        JsonOutput.Write(folder, "preprocessor_config.json", RandomClip.PreprocessorJson(config.ImageSize));
        SafetensorsWriter.Write(
            Path.Combine(folder, "model.safetensors"),
            [.. trainer.Parameters.All.Select(entry => Halves(entry.Key, entry.Value, entry.Key == TextProjection ? textScale : 1))],
            new Dictionary<string, string> { ["format"] = "pt" });
    }

    private static TensorData Halves(string name, Tensor values, double scale)
    {
        using var scaled = values.detach().mul(scale);
        return TensorData.F16(name, scaled.data<float>().ToArray(), values.shape);
    }
}
