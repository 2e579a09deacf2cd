using TaskRes.Core.Images;

namespace TaskRes.Core.Clip;

/// <summary>Which model to load, and how.</summary>
public sealed record ClipLoadOptions
{
    /// <summary>
    /// A Hugging Face or OpenCLIP folder, a <c>.safetensors</c> file, an index of shards, or an OpenAI <c>.pt</c>. The
    /// content decides, not the name.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>The folder of the tokenizer's files; null looks beside the weights.</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>What to compute in; <see cref="Clip.Precision.Auto"/> takes the fastest that is accurate.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>
    /// The MLPs' nonlinearity; null takes the configuration's, and where there is none QuickGELU, as OpenAI's weights need, or that
    /// of the model's family where its tensors tell it.
    /// </summary>
    public Activation? Activation { get; init; }

    /// <summary>Turn photos upright as their EXIF data says; the reference code does not.</summary>
    public bool ApplyExifOrientation { get; init; } = true;

    /// <summary>
    /// Decode large JPEGs at a reduced size (<see cref="PreprocessOptions.FastDecoding"/>): about three times as fast, for
    /// embeddings that are not quite the reference's and a fingerprint of their own.
    /// </summary>
    public bool FastDecoding { get; init; }

    /// <summary>What images are refused unread.</summary>
    public ImageLimits ImageLimits { get; init; } = new();
}
