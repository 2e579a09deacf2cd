using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TaskRes.Core.Images;

/// <summary>
/// From encoded bytes to what a vision tower reads: decode, crop or augment, normalise. Equal to the bit to Pillow and
/// torchvision's transforms of CLIP. Pure and safe for use by many threads.
/// </summary>
public sealed class ImagePreprocessor
{
    private readonly ImageDecoder _decoder;
    private readonly float[][] _normalized;

    /// <exception cref="TaskResException">InvalidField: an option is out of its range.</exception>
    public ImagePreprocessor(PreprocessOptions options, ImageLimits limits)
    {
        OptionsCheck.Validate(options, TaskResException.Invalid);
        OptionsCheck.Validate(limits, TaskResException.Invalid);
        (Options, Limits) = (options, limits);
        _decoder = new ImageDecoder(limits, options.ApplyExifOrientation);
        _normalized = [.. options.Mean.Zip(options.Std, (mean, std) =>
            Enumerable.Range(0, 256).Select(value => (value / 255f - mean) / std).ToArray())];
    }

    public PreprocessOptions Options { get; }

    public ImageLimits Limits { get; }

    /// <summary>Floats of one preprocessed image: 3 · Size · Size.</summary>
    public int ElementCount => 3 * Options.Size * Options.Size;

    /// <summary>Decodes JPEG, PNG, WebP, GIF (first frame) or BMP bytes to upright RGB.</summary>
    /// <exception cref="TaskResException">
    /// ImageUnreadable: empty, truncated, damaged, or not such an image; ImageTooLarge: over <see cref="Limits"/>.
    /// </exception>
    public PixelImage Decode(ReadOnlyMemory<byte> encoded) => _decoder.Decode(encoded);

    /// <summary>The evaluation crop, Size × Size: shortest side resized, then the centre; or all of it, squashed.</summary>
    public PixelImage Crop(PixelImage image)
    {
        if (Options.Squash) return Resampler.Resize(image, Whole(image), (Options.Size, Options.Size), new Region(0, 0, Options.Size, Options.Size), Options.Interpolation);
        var scaled = Geometry.Shrink(image.Width, image.Height, Options.Size);
        return Resampler.Resize(image, Whole(image), scaled, Geometry.Center(scaled, Options.Size), Options.Interpolation);
    }

    /// <summary>
    /// A training crop, Size × Size: a random part (RandomResizedCrop, scale 0.08–1, ratio 3/4–4/3), mirrored
    /// half of the time. The same seed gives the same crop.
    /// </summary>
    public PixelImage Augment(PixelImage image, ulong seed)
    {
        var random = new SplitMix64(seed);
        var part = Geometry.RandomPart(image.Width, image.Height, ref random);
        var crop = Resampler.Resize(image, part, (Options.Size, Options.Size), new Region(0, 0, Options.Size, Options.Size), Options.Interpolation);
        return random.Below(2) == 0 ? crop : crop.FlippedHorizontally();
    }

    /// <summary>Writes (value / 255 − mean) / std of a Size × Size crop as 3 × Size × Size floats.</summary>
    public void Normalize(PixelImage crop, Span<float> chw)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual((crop.Width, crop.Height), (Options.Size, Options.Size), nameof(crop));
        ArgumentOutOfRangeException.ThrowIfNotEqual(chw.Length, ElementCount, nameof(chw));
        var area = crop.Width * crop.Height;
        for (var channel = 0; channel < 3; channel++)
        {
            var values = _normalized[channel];
            var plane = chw.Slice(channel * area, area);
            for (var i = 0; i < plane.Length; i++) plane[i] = values[crop.Rgb[3 * i + channel]];
        }
    }

    /// <summary>
    /// Decodes, crops and normalises. View 0 is the evaluation crop; view v ≥ 1 is the v-th training crop of these
    /// bytes, always the same one.
    /// </summary>
    /// <exception cref="TaskResException">As of <see cref="Decode"/>.</exception>
    public void Preprocess(ReadOnlyMemory<byte> encoded, int view, Span<float> chw)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(view);
        Normalize(view == 0 ? CropOf(encoded) : Augment(Decode(encoded), Seed(encoded.Span, view)), chw);
    }

    private PixelImage CropOf(ReadOnlyMemory<byte> encoded) => Crop(_decoder.Decode(encoded, Options.FastDecoding ? Options.Size : 0));

    private static Region Whole(PixelImage image) => new(0, 0, image.Width, image.Height);

    // Of SHA-256(SHA-256(bytes) ‖ view): neither the order of examples nor the number of views changes a view.
    private static ulong Seed(ReadOnlySpan<byte> encoded, int view)
    {
        Span<byte> keyed = stackalloc byte[SHA256.HashSizeInBytes + sizeof(int)], seed = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(encoded, keyed);
        BinaryPrimitives.WriteInt32LittleEndian(keyed[SHA256.HashSizeInBytes..], view);
        SHA256.HashData(keyed, seed);
        return BinaryPrimitives.ReadUInt64LittleEndian(seed);
    }
}
