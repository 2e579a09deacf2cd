using TaskRes.BundledModel.Captions;
using TaskRes.BundledModel.Emojis;
using TaskRes.BundledModel.Rendering;
using TaskRes.Core.Text;

namespace TaskRes.BundledModel.Training;

/// <summary>Renders the batch of a step. It depends on the seed and the step alone, so that a resumed run sees what an unbroken one would.</summary>
internal sealed class BatchSource(IReadOnlyList<Emoji> emojis, GlyphSprites sprites, ClipTokenizer tokenizer, TrainingOptions options)
{
    private const int ImageValues = 3 * BundledClip.ImageSize * BundledClip.ImageSize;

    private readonly Scene _scene = new(SceneStyle.Training);

    public TrainingBatch Render(int step)
    {
        var random = new Random(Mix(options.Seed, step));
        var chosen = Choose(random);
        var captions = chosen.Select(emoji => CaptionWriter.Write(emoji, random)).ToList();
        var pixels = new float[chosen.Length * ImageValues];
        for (var i = 0; i < chosen.Length; i++)
        {
            using var image = _scene.Render(sprites[chosen[i].CodePoint], chosen[i].MayBeMirrored, random);
            PixelTensor.Write(image, pixels.AsSpan(i * ImageValues, ImageValues));
        }

        var falseNegatives = new bool[chosen.Length * chosen.Length];
        for (var image = 0; image < chosen.Length; image++)
            for (var text = 0; text < chosen.Length; text++)
                falseNegatives[image * chosen.Length + text] = image != text && captions[text].Describes(chosen[image]);
        return new TrainingBatch(pixels, [.. captions.Select(caption => tokenizer.Encode(caption.Text, BundledClip.ContextLength))], falseNegatives);
    }

    /// <summary>Without repetition: an emoji twice in a batch would be its own negative.</summary>
    private Emoji[] Choose(Random random)
    {
        var all = emojis.ToArray();
        random.Shuffle(all);
        return all[..Math.Min(options.BatchSize, all.Length)];
    }

    /// <summary>Not System.HashCode's, which differs from process to process.</summary>
    private static int Mix(int seed, int step) => unchecked(seed * 1_000_003 + step);
}
