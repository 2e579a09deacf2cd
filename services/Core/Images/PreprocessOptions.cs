using System.ComponentModel.DataAnnotations;

namespace TaskRes.Core.Images;

/// <summary>
/// What a CLIP vision tower expects of its pixels: the shortest side resized to <see cref="Size"/>, a centre crop of that
/// size, values scaled to 0…1 and normalised by channel.
/// </summary>
public sealed record PreprocessOptions
{
    /// <summary>Side of the square crop in pixels, 8 to 2048.</summary>
    [Range(8, 2048)]
    public int Size { get; init; } = 224;

    /// <summary>Mean of red, green and blue, in 0…1: CLIP's own by default.</summary>
    [Length(3, 3)]
    public IReadOnlyList<float> Mean { get; init; } = [0.48145466f, 0.4578275f, 0.40821073f];

    /// <summary>Standard deviation of red, green and blue, above 0: CLIP's own by default.</summary>
    [Length(3, 3)]
    public IReadOnlyList<float> Std { get; init; } = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>Squash the whole image to the square, whatever its shape, in place of cropping it: SigLIP's way.</summary>
    public bool Squash { get; init; }

    /// <summary>How images are resized: CLIP's way by default.</summary>
    public Interpolation Interpolation { get; init; }

    /// <summary>Turn photos upright as their EXIF data says. The reference code does not: off for parity with it.</summary>
    public bool ApplyExifOrientation { get; init; } = true;

    /// <summary>
    /// Decode JPEGs for the evaluation crop at a half, a quarter or an eighth of their size where the shortest side stays
    /// at least <see cref="Size"/>. Photos of cameras are read several times faster; their embeddings differ a little from
    /// the reference's, so that the encoder's fingerprint differs too.
    /// </summary>
    public bool FastDecoding { get; init; }

    /// <summary>Reads Hugging Face's <c>preprocessor_config.json</c>, of the old form (numbers) or the new one (objects).</summary>
    /// <exception cref="TaskResException">
    /// CheckpointNotFound: no such file; CheckpointCorrupt: not JSON, or values of the wrong type or range;
    /// CheckpointUnsupported: it asks for another preprocessing than CLIP's.
    /// </exception>
    public static PreprocessOptions FromFile(string preprocessorConfigJson) => PreprocessorConfig.Read(preprocessorConfigJson);
}
