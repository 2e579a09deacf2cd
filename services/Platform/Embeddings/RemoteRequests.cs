using Google.Protobuf;
using TaskRes.Platform.Wire;
using TaskRes.V1;

namespace TaskRes.Platform.Embeddings;

/// <summary>Splits inputs into calls to an encoder: one kind and one view each, bounded in items and bytes.</summary>
internal static class RemoteRequests
{
    public const int MaxItems = 256;
    public const int MaxBytes = 48 << 20;

    /// <summary>The places of the inputs that go together.</summary>
    public static IEnumerable<IReadOnlyList<int>> Split(IReadOnlyList<EmbeddingInput> inputs)
    {
        foreach (var alike in Enumerable.Range(0, inputs.Count).GroupBy(index => (inputs[index] is ImageInput, inputs[index].View)))
        {
            var (call, bytes) = (new List<int>(), 0L);
            foreach (var index in alike)
            {
                var size = inputs[index] switch
                {
                    ImageInput image => Math.Max(image.Content.Length, Sha256Digest.Length),
                    TextInput text => text.Text.Length * 3L,
                    _ => 0,
                };
                if (call.Count > 0 && (call.Count == MaxItems || bytes + size > MaxBytes))
                {
                    yield return call;
                    (call, bytes) = ([], 0);
                }

                call.Add(index);
                bytes += size;
            }

            yield return call;
        }
    }

    public static EncodeImagesRequest Images(EmbeddingCaller caller, IEnumerable<ImageInput> images, int view) => new()
    {
        Tenant = $"{caller.Tenant}",
        Priority = WirePriority.From(caller.Priority),
        View = view,
        Images = { images.Select(ToImage) },
    };

    public static EncodeTextsRequest Texts(EmbeddingCaller caller, IEnumerable<TextInput> texts) => new()
    {
        Tenant = $"{caller.Tenant}",
        Priority = WirePriority.From(caller.Priority),
        Texts = { texts.Select(text => text.Text) },
    };

    private static Image ToImage(ImageInput image) => image.Content.IsEmpty
        ? new Image { Sha256 = ByteString.CopyFrom(image.Digest.ToBytes()) }
        : new Image { Content = UnsafeByteOperations.UnsafeWrap(image.Content) };
}
