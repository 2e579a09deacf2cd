using SkiaSharp;
using TaskRes.BundledModel.Rendering;
using TaskRes.Core.Learning;
using TaskRes.Core.Text;

namespace TaskRes.BundledModel.Evaluation;

/// <summary>A model as evaluation sees it, in training or loaded from its folder.</summary>
/// <param name="Images">Pixels of so many images → a row of D each.</param>
/// <param name="Texts">Token ids → a row of D each.</param>
/// <param name="Tokenizer">That of the model.</param>
internal sealed record Encoders(Func<float[], int, float[][]> Images, Func<IReadOnlyList<int[]>, float[][]> Texts, ITextTokenizer Tokenizer)
{
    /// <summary>N×D, raw.</summary>
    public Matrix Encode(IReadOnlyList<SKBitmap> images)
    {
        var values = 3 * BundledClip.ImageSize * BundledClip.ImageSize;
        var pixels = new float[images.Count * values];
        for (var i = 0; i < images.Count; i++) PixelTensor.Write(images[i], pixels.AsSpan(i * values, values));
        return Matrix.FromRows(Images(pixels, images.Count), "images");
    }

    /// <summary>K×D: the mean of the raw embeddings of each class's prompts.</summary>
    public Matrix BaseOf(IReadOnlyList<string> classNames, IReadOnlyList<string> templates)
    {
        var ids = classNames.SelectMany(name => templates.Select(template => Tokenizer.Encode(PromptTemplates.Render(template, name), BundledClip.ContextLength)));
        return BaseClassifier.FromPrompts([.. Texts([.. ids]).Chunk(templates.Count)]);
    }
}
