using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Limits;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;

namespace TaskRes.Platform.Wire;

/// <summary>The image of a request, checked.</summary>
public static class WireImage
{
    /// <param name="image">As it came.</param>
    /// <param name="view">0 for the evaluation crop, n ≥ 1 for the n-th random crop.</param>
    /// <param name="field">The image's field, such as <c>images[3]</c>.</param>
    /// <exception cref="TaskResException">InvalidField; ImageUnreadable where its content is empty; ImageTooLarge.</exception>
    public static ImageInput Parse(Image? image, int view, RequestLimits limits, string field)
    {
        if (view < 0 || view > limits.MaxViews) throw TaskResException.Invalid("view", $"{view} is out of range; give 0 to {limits.MaxViews}.");
        return image?.SourceCase switch
        {
            Image.SourceOneofCase.Content => ImageInput.FromContent(Content(image, limits, $"{field}.content"), view),
            Image.SourceOneofCase.Sha256 when image.Sha256.Length == Sha256Digest.Length => ImageInput.FromDigest(Sha256Digest.FromBytes(image.Sha256.Span), view),
            Image.SourceOneofCase.Sha256 => throw TaskResException.Invalid($"{field}.sha256", $"it has {image.Sha256.Length} bytes; a SHA-256 digest has {Sha256Digest.Length}."),
            _ => throw TaskResException.Invalid(field, "it has neither content nor sha256."),
        };
    }

    private static ReadOnlyMemory<byte> Content(Image image, RequestLimits limits, string field)
    {
        var length = image.Content.Length;
        if (length == 0) throw new TaskResException(ErrorReason.ImageUnreadable, $"{field}: it is empty.") { Field = field };
        if (length <= limits.MaxImageBytes) return image.Content.Memory;
        throw new TaskResException(ErrorReason.ImageTooLarge, $"{field}: {length} bytes are over the limit of {limits.MaxImageBytes}: send a smaller file.")
        {
            Field = field,
            Metadata = new Dictionary<string, string> { ["value"] = $"{length}", ["limit"] = $"{limits.MaxImageBytes}", ["unit"] = "bytes" },
        };
    }
}
