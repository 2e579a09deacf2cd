using TaskRes.Core.Clip;
using TaskRes.Core.Images;
using TaskRes.Encoder.Batching;
using TaskRes.Platform.Embeddings;

namespace TaskRes.Encoder.Model;

/// <summary>A model that is loaded and has answered once.</summary>
internal sealed record LoadedModel(EncoderModel Description, ImageLimits Limits, Func<string, int[]> Tokenize, KnownAnswer Answer)
{
    public static LoadedModel Of(ClipEncoder clip, ForwardPasses passes) => new(
        new EncoderModel
        {
            Name = clip.Info.Name,
            Architecture = clip.Info.Architecture,
            Fingerprint = clip.Info.Fingerprint,
            EmbeddingDimension = clip.Info.EmbeddingDimension,
            ImageSize = clip.Info.ImageSize,
            ContextLength = clip.Info.ContextLength,
            LogitScale = clip.Info.LogitScale,
            Precision = clip.Info.Precision.ToString().ToLowerInvariant(),
            Device = clip.Info.Device,
        },
        clip.Preprocessor.Limits,
        text => clip.Tokenizer.Encode(text, clip.Info.ContextLength),
        KnownAnswer.Of(passes, clip.Info.VocabularySize));
}
