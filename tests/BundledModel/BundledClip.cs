using TaskRes.Core.Clip;

namespace TaskRes.BundledModel;

/// <summary>The sizes of the bundled model.</summary>
internal static class BundledClip
{
    public const int ImageSize = 64, ContextLength = 32, Merges = 1000;

    /// <summary>OpenAI's, of which the preprocessing of every CLIP is made.</summary>
    public static readonly float[] PixelMean = [0.48145466f, 0.4578275f, 0.40821073f], PixelDeviation = [0.26862954f, 0.26130258f, 0.27577711f];

    private const int HeadWidth = 64;

    public static ClipConfig Config(int vocabularySize) => new()
    {
        EmbeddingDimension = 192,
        ImageSize = ImageSize,
        ContextLength = ContextLength,
        VocabularySize = vocabularySize,
        EndOfText = vocabularySize - 1,
        Vision = new VitConfig(16, Tower(layers: 5, width: 192)),
        Text = Tower(layers: 3, width: 128),
    };

    private static TransformerConfig Tower(int layers, int width) => new(layers, width, width / HeadWidth, 4 * width, Activation.QuickGelu);
}
