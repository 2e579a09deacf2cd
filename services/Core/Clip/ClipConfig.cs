namespace TaskRes.Core.Clip;

/// <summary>The architecture of a CLIP: all that its tensors do not say by themselves, and their sizes.</summary>
internal sealed record ClipConfig
{
    /// <summary>D, the dimension that images and texts share.</summary>
    public required int EmbeddingDimension { get; init; }

    /// <summary>S, the side of the square that the image tower takes, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Most tokens of a text, start and end included.</summary>
    public required int ContextLength { get; init; }

    public required int VocabularySize { get; init; }

    /// <summary>
    /// The id whose first place is pooled; null where it is the greatest id of the text, as in OpenAI's code and in Hugging
    /// Face configurations of the legacy <c>eos_token_id</c> 2.
    /// </summary>
    public int? EndOfText { get; init; }

    /// <summary>
    /// The id that texts are padded with to the whole context length, all of which is read (SigLIP); null where what follows a
    /// text's end does not matter (CLIP).
    /// </summary>
    public int? Padding { get; init; }

    public required VisionConfig Vision { get; init; }

    public required TransformerConfig Text { get; init; }

    /// <summary>The customary name, such as <c>ViT-B/32</c>, <c>ViT-L/14@336px</c> or <c>RN50</c>.</summary>
    public string Architecture => Vision.Name(ImageSize);
}

/// <summary>The image tower: <see cref="VitConfig"/>, <see cref="ConvStemVitConfig"/>, <see cref="SiglipVitConfig"/> or <see cref="ResNetConfig"/>.</summary>
internal abstract record VisionConfig
{
    protected const int UsualImageSize = 224;

    /// <summary>The transformer of a ViT; null for others.</summary>
    public virtual TransformerConfig? Tower => null;

    public abstract string Name(int imageSize);

    protected static string VitName(string family, int patchSize, TransformerConfig transformer, int imageSize)
    {
        var size = (transformer.Width, transformer.Layers) switch
        {
            (384, 12) => "S",
            (768, 12) => "B",
            (1024, 24) => "L",
            (1152, 27) => "So400m",
            (1280, 32) => "H",
            (1664, 48) => "bigG",
            var (width, layers) => $"{width}w{layers}l",
        };
        return $"{family}-{size}/{patchSize}" + (imageSize == UsualImageSize ? "" : $"@{imageSize}px");
    }
}

internal sealed record VitConfig(int PatchSize, TransformerConfig Transformer) : VisionConfig
{
    public override TransformerConfig? Tower => Transformer;

    public override string Name(int imageSize) => VitName("ViT", PatchSize, Transformer, imageSize);
}

/// <summary>MobileCLIP-B's: patches embedded by three convolutions.</summary>
/// <param name="Kernels">Sides of the convolutions' kernels, and their strides.</param>
/// <param name="StemWidth">Channels between them.</param>
internal sealed record ConvStemVitConfig((int First, int Second, int Last) Kernels, int StemWidth, TransformerConfig Transformer) : VisionConfig
{
    public int PatchSize => Kernels.First * Kernels.Second * Kernels.Last;

    public override TransformerConfig? Tower => Transformer;

    public override string Name(int imageSize) => VitName("MobileCLIP", PatchSize, Transformer, imageSize);
}

/// <summary>SigLIP's: no class token, and an attention pool.</summary>
internal sealed record SiglipVitConfig(int PatchSize, TransformerConfig Transformer) : VisionConfig
{
    public override TransformerConfig? Tower => Transformer;

    public override string Name(int imageSize) => VitName("SigLIP", PatchSize, Transformer, imageSize);
}

/// <param name="Layers">Blocks of the four stages.</param>
/// <param name="Width">Channels after the stem.</param>
/// <param name="Heads">Heads of the attention pool: width·32/64.</param>
internal sealed record ResNetConfig(IReadOnlyList<int> Layers, int Width, int Heads) : VisionConfig
{
    public override string Name(int imageSize) => (Layers, Width, imageSize) switch
    {
        ([3, 4, 6, 3], 64, UsualImageSize) => "RN50",
        ([3, 4, 23, 3], 64, UsualImageSize) => "RN101",
        ([4, 6, 10, 6], 80, 288) => "RN50x4",
        ([6, 8, 18, 8], 96, 384) => "RN50x16",
        ([3, 15, 36, 10], 128, 448) => "RN50x64",
        _ => $"RN-{string.Join('-', Layers)}w{Width}@{imageSize}px",
    };
}

/// <summary>The sizes of a transformer.</summary>
/// <param name="Layers">Blocks.</param>
/// <param name="Width">Channels of a token.</param>
/// <param name="Heads">Attention heads; they divide the width.</param>
/// <param name="MlpWidth">Channels inside the MLP, usually 4·width.</param>
/// <param name="Activation">The MLP's nonlinearity.</param>
/// <param name="Eps">Added to the variance by layer normalisation.</param>
internal sealed record TransformerConfig(int Layers, int Width, int Heads, int MlpWidth, Activation Activation, double Eps = 1e-5);
