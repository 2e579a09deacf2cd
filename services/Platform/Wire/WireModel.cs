using TaskRes.Platform.Embeddings;
using TaskRes.V1;

namespace TaskRes.Platform.Wire;

/// <summary>The encoder's description on the wire.</summary>
public static class WireModel
{
    public static Model From(EncoderModel model) => new()
    {
        Name = model.Name,
        Architecture = model.Architecture,
        Fingerprint = model.Fingerprint,
        EmbeddingDimension = model.EmbeddingDimension,
        ImageSize = model.ImageSize,
        ContextLength = model.ContextLength,
        LogitScale = model.LogitScale,
        Precision = model.Precision,
        Device = model.Device,
    };
}
