using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;

namespace TaskRes.Platform.Wire;

/// <summary>The image of a request, checked.</summary>
public static class WireImage
{
    /// <param name="image">As it came.</param>
    /// <param name="view">0 for the evaluation crop, n ≥ 1 for the n-th random crop.</param>
    /// <param name="field">The image's field, such as <c>images[3]</c>.</param>
    /// <exception cref="TaskResException">InvalidField; ImageUnreadable where its content is empty.</exception>
    public static ImageInput Parse(Image? image, int view, string field) => image?.SourceCase switch
    {
        Image.SourceOneofCase.Content when image.Content.IsEmpty =>
            throw new TaskResException(ErrorReason.ImageUnreadable, $"{field}.content: it is empty.") { Field = $"{field}.content" },
        Image.SourceOneofCase.Content => ImageInput.FromContent(image.Content.Memory, view),
        Image.SourceOneofCase.Sha256 when image.Sha256.Length != Sha256Digest.Length =>
            throw TaskResException.Invalid($"{field}.sha256", $"it has {image.Sha256.Length} bytes; a SHA-256 digest has {Sha256Digest.Length}."),
        Image.SourceOneofCase.Sha256 => ImageInput.FromDigest(Sha256Digest.FromBytes(image.Sha256.Span), view),
        _ => throw TaskResException.Invalid(field, "it has neither content nor sha256."),
    };
}
