namespace TaskRes.Core.Clip;

/// <summary>What there is to say of a loaded encoder.</summary>
/// <param name="Name">The file's or folder's name.</param>
/// <param name="Fingerprint">SHA-256 (hexadecimal) over weights, architecture, preprocessing and tokenizer.</param>
/// <param name="Architecture">The customary name, such as <c>ViT-B/32</c>.</param>
/// <param name="EmbeddingDimension">D.</param>
/// <param name="ImageSize">S: images are S×S pixels.</param>
/// <param name="ContextLength">Most tokens of a text, start and end included.</param>
/// <param name="VocabularySize">Token ids are below it.</param>
/// <param name="LogitScale">s: logits are s times the cosine of image and text.</param>
/// <param name="Precision">What it computes in; never <see cref="Precision.Auto"/>.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Parameters">Number of weights.</param>
/// <param name="WeightBytes">Memory that they take on the device.</param>
public sealed record ClipModelInfo(
    string Name,
    string Fingerprint,
    string Architecture,
    int EmbeddingDimension,
    int ImageSize,
    int ContextLength,
    int VocabularySize,
    float LogitScale,
    Precision Precision,
    string Device,
    long Parameters,
    long WeightBytes)
{
    /// <summary>Added to every logit by models trained with a sigmoid (SigLIP); it cancels in a softmax. 0 for CLIP.</summary>
    public float LogitBias { get; init; }
}
