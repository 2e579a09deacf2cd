namespace TaskRes.Encoder.Batching;

/// <summary>Encodes images: <paramref name="count"/> × 3 × side × side in, count × D out.</summary>
internal delegate float[][] EncodeImages(ReadOnlySpan<float> pixels, int count);

/// <summary>Encodes texts: token ids in, count × D out.</summary>
internal delegate float[][] EncodeTexts(IReadOnlyList<int[]> ids);

/// <summary>The two towers as the queue's owner calls them, always from one thread.</summary>
/// <param name="PixelsPerImage">3 · side².</param>
internal sealed record ForwardPasses(int PixelsPerImage, EncodeImages Images, EncodeTexts Texts);
