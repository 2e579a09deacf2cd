using System.Numerics.Tensors;
using TaskRes.Encoder.Batching;

namespace TaskRes.Encoder.Model;

/// <summary>
/// What the encoder said of a fixed image and text when it was loaded. As long as it says the same, it works; a lost GPU or
/// damaged weights show as another answer or none.
/// </summary>
internal sealed class KnownAnswer
{
    // The same batch of one on the same device: what differs is rounding in the libraries' choice of kernels.
    private const float LeastCosine = 0.999f;

    private readonly float[] _image;
    private readonly float[] _text;

    private KnownAnswer(float[] pixels, int[] ids, ForwardPasses passes) =>
        (Pixels, Ids, _image, _text) = (pixels, ids, passes.Images(pixels, 1)[0], passes.Texts([ids])[0]);

    /// <summary>A synthetic image, 3 × side × side.</summary>
    public float[] Pixels { get; }

    /// <summary>A synthetic text whose last id, the vocabulary's largest, is CLIP's end of text; it needs no tokenizer.</summary>
    public int[] Ids { get; }

    /// <summary>Asks the encoder for the first time, on its own thread.</summary>
    public static KnownAnswer Of(ForwardPasses passes, int vocabularySize)
    {
        var pixels = new float[passes.PixelsPerImage];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (i % 251 / 125f) - 1;
        return new KnownAnswer(pixels, [vocabularySize - 2, 1, 2, 3, vocabularySize - 1], passes);
    }

    public bool Agrees(float[] image, float[] text) =>
        TensorPrimitives.CosineSimilarity(image, _image) >= LeastCosine && TensorPrimitives.CosineSimilarity(text, _text) >= LeastCosine;
}
