using System.Text.Json;
using TaskRes.Core.Clip;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Tests.Clip;

/// <summary>One of the small models of <c>tests/golden</c>: its files, and what the reference implementation makes of given pixels and tokens.</summary>
internal sealed class GoldenModel : IDisposable
{
    private readonly SafetensorsFile _expected;

    public GoldenModel(string folder, string file)
    {
        _expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));
        ModelPath = Path.Combine(folder, file);
    }

    public string ModelPath { get; }

    public float[] Pixels => _expected.Floats("pixel_values");

    public int Images => (int)_expected.Entry("pixel_values").Shape[0];

    public float[][] ImageFeatures => RowsOf("image_features");

    public float[][] TextFeatures => RowsOf("text_features");

    public float[][] Logits => RowsOf("logits_per_image");

    public int[][] Ids => [.. _expected.Integers("input_ids").Chunk((int)_expected.Entry("input_ids").Shape[1]).Select(row => row.Select(id => (int)id).ToArray())];

    /// <summary>The images' file names, in the order of the rows.</summary>
    public string[] ImageNames => JsonSerializer.Deserialize<string[]>(_expected.Header.Metadata["images"])!;

    public ClipEncoder Load(Precision precision = Precision.Fp32, string? tokenizer = null) => ClipEncoder.Load(new ClipLoadOptions
    {
        Path = ModelPath,
        TokenizerPath = tokenizer,
        Precision = precision,
        Device = "cpu",
        ApplyExifOrientation = false, // as the reference
    });

    public void Dispose() => _expected.Dispose();

    private float[][] RowsOf(string name) => [.. _expected.Floats(name).Chunk((int)_expected.Entry(name).Shape[1])];
}
