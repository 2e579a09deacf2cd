using System.Globalization;
using TaskRes.BundledModel.Emojis;
using TaskRes.BundledModel.Rendering;
using TaskRes.BundledModel.Tasks;
using TaskRes.Core.Clip;

namespace TaskRes.BundledModel.Evaluation;

/// <summary>The figures of the model card: loading, held-out renders, and the demo tasks.</summary>
internal static class ModelReport
{
    public static void Write(string model, string tasks, SourceFiles sources, TimeProvider time, TextWriter output)
    {
        var started = time.GetTimestamp();
        using var encoder = ClipEncoder.Load(new ClipLoadOptions { Path = model });
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"loaded in {seconds:0.00} s: {encoder.Info.Architecture}, {encoder.Info.Parameters / 1e6:0.00} M parameters, {new FileInfo(Path.Combine(model, "model.safetensors")).Length / 1e6:0.00} MB, scale {encoder.Info.LogitScale:0.0}"));

        var split = EmojiSplit.Of(EmojiList.Read(sources.EmojiTest));
        using var sprites = new GlyphSprites(sources.EmojiFont);
        using var heldOut = new HeldOutRenders(split, sprites);
        output.WriteLine(heldOut.Measure(new Encoders((pixels, count) => encoder.EncodeImages(pixels, count), encoder.EncodeTexts, encoder.Tokenizer)));
        foreach (var folder in Directory.GetDirectories(tasks).Order(StringComparer.Ordinal))
            output.WriteLine(ShotCurve.Measure(TaskFolder.Read(folder), encoder));
    }
}
