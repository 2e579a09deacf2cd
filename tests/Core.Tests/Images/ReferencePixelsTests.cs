using System.Text.Json;
using System.Text.RegularExpressions;
using TaskRes.Core.Images;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Images;

public sealed partial class ReferencePixelsTests
{
    /// <summary>The 224-pixel crops that Pillow makes, from the large reference set: every byte.</summary>
    [Fact]
    public void Crop_ReferenceImages_EqualToTheBit()
    {
        var crops = ReadBytes(ReferenceData.Shared("golden", "preprocess_224_u8.npy"), out var shape);
        var names = JsonSerializer.Deserialize<string[]>(File.ReadAllText(ReferenceData.Shared("golden", "preprocess_224_images.json")))!;
        Assert.Equal([names.Length, 224, 224, 3], shape);
        var preprocessor = new ImagePreprocessor(new PreprocessOptions { ApplyExifOrientation = false }, new ImageLimits());

        var size = crops.Length / names.Length;
        Assert.All(names, (name, row) =>
        {
            var crop = preprocessor.Crop(preprocessor.Decode(File.ReadAllBytes(ReferenceData.Shared("golden", "images", name))));
            var expected = crops.AsSpan(row * size, size);
            Assert.True(expected.SequenceEqual(crop.Rgb), $"{name}: {Difference(expected, crop.Rgb)}");
        });
    }

    [Theory]
    [InlineData("vit")]
    [InlineData("rn")]
    public void Preprocess_SmallGoldenImages_EqualToReference(string model) =>
        HoldToPixelValues(ReferenceData.Golden(model, "expected.safetensors"), ReferenceData.Golden("images"));

    [Theory]
    [InlineData("vit")]
    [InlineData("rn")]
    public void Preprocess_LargeGoldenImages_EqualToReference(string model) =>
        HoldToPixelValues(ReferenceData.Shared("golden", model, "expected.safetensors"), ReferenceData.Shared("golden", "images"));

    private static void HoldToPixelValues(string file, string images)
    {
        var expected = GoldenTensors.Floats(file, "pixel_values", out var shape);
        string[] names = [.. Directory.GetFiles(images).Order(StringComparer.Ordinal)];
        Assert.Equal(shape[0], names.Length);
        var preprocessor = new ImagePreprocessor(
            new PreprocessOptions { Size = (int)shape[3], ApplyExifOrientation = false }, new ImageLimits());

        // A level of the 8-bit pixel is at least 0.0142 after normalisation; 1e-3 is what halves lose at most.
        Assert.All(names, (name, row) =>
        {
            var actual = new float[preprocessor.ElementCount];
            preprocessor.Preprocess(File.ReadAllBytes(name), 0, actual);
            var worst = actual.Zip(expected.Skip(row * actual.Length), (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst < 1e-3, $"{Path.GetFileName(name)}: off by {worst}");
        });
    }

    private static string Difference(ReadOnlySpan<byte> expected, byte[] actual)
    {
        int differing = 0, worst = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            var off = Math.Abs(expected[i] - actual[i]);
            differing += off > 0 ? 1 : 0;
            worst = Math.Max(worst, off);
        }
        return $"{differing} of {actual.Length} bytes differ, by {worst} at most";
    }

    private static byte[] ReadBytes(string npy, out int[] shape)
    {
        var bytes = File.ReadAllBytes(npy);
        var length = BitConverter.ToUInt16(bytes, 8);
        var header = System.Text.Encoding.ASCII.GetString(bytes, 10, length);
        Assert.Contains("'|u1'", header, StringComparison.Ordinal);
        shape = [.. Whole().Matches(header[header.IndexOf("'shape'", StringComparison.Ordinal)..]).Select(match => int.Parse(match.Value, null))];
        return bytes[(10 + length)..];
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Whole();
}
