using TaskRes.Core.Images;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Images;

public sealed class PreprocessorConfigTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void FromFile_GoldenModel_ItsSizeAndConstants()
    {
        var options = PreprocessOptions.FromFile(ReferenceData.Golden("vit", "hf", "preprocessor_config.json"));
        Assert.Equal(32, options.Size);
        Assert.Equal(new PreprocessOptions().Mean, options.Mean);
        Assert.Equal(new PreprocessOptions().Std, options.Std);
    }

    [Theory]
    [InlineData("""{"size": 336, "crop_size": 336}""", 336)]
    [InlineData("""{"size": {"shortest_edge": 64}, "crop_size": {"height": 64, "width": 64}, "resample": 3, "rescale_factor": 0.00392156862745098}""", 64)]
    [InlineData("""{"size": {"shortest_edge": 96}}""", 96)]
    [InlineData("{}", 224)]
    public void FromFile_EitherForm_Size(string json, int size) => Assert.Equal(size, Read(json).Size);

    [Theory]
    [InlineData("""{"size": {"height": 384, "width": 384}, "resample": 3, "image_processor_type": "SiglipImageProcessor"}""", true, 384)]
    [InlineData("""{"size": {"height": 64, "width": 64}, "do_center_crop": false}""", true, 64)]
    [InlineData("""{"size": {"shortest_edge": 64}}""", false, 64)]
    public void FromFile_HeightAndWidth_Squashes(string json, bool squash, int size)
    {
        var options = Read(json);
        Assert.Equal((squash, size), (options.Squash, options.Size));
    }

    [Fact]
    public void FromFile_OtherConstants_Taken()
    {
        var options = Read("""{"image_mean": [0.5, 0.25, 0.125], "image_std": [1, 2, 4]}""");
        Assert.Equal([0.5f, 0.25f, 0.125f], options.Mean);
        Assert.Equal([1f, 2f, 4f], options.Std);
    }

    [Theory]
    [InlineData("""{"resample": 2}""", "resample")]
    [InlineData("""{"size": {"height": 224, "width": 200}}""", "size")]
    [InlineData("""{"size": {"height": 224, "width": 224}, "do_center_crop": true}""", "size")]
    [InlineData("""{"size": 256, "crop_size": 224}""", "size")]
    [InlineData("""{"crop_size": {"height": 224, "width": 200}}""", "crop_size")]
    [InlineData("""{"do_center_crop": false}""", "do_center_crop")]
    [InlineData("""{"do_normalize": false}""", "do_normalize")]
    [InlineData("""{"rescale_factor": 1}""", "rescale_factor")]
    public void FromFile_AnotherPreprocessing_Unsupported(string json, string field) => Refused(json, ErrorReason.CheckpointUnsupported, field);

    [Theory]
    [InlineData("""{"size": "large"}""", "size")]
    [InlineData("""{"size": 4}""", "Size")]
    [InlineData("""{"crop_size": {"height": 224}}""", "crop_size")]
    [InlineData("""{"image_mean": [0.5, 0.5]}""", "Mean")]
    [InlineData("""{"image_mean": ["a", 0.5, 0.5]}""", "image_mean")]
    [InlineData("""{"image_std": [0.5, 0, 0.5]}""", "Std")]
    [InlineData("[1]", "the file")]
    [InlineData("{", null)]
    public void FromFile_Malformed_Corrupt(string json, string? field) => Refused(json, ErrorReason.CheckpointCorrupt, field);

    [Fact]
    public void FromFile_Absent_NotFound() =>
        Assert.Equal(ErrorReason.CheckpointNotFound, Assert.Throws<TaskResException>(() => PreprocessOptions.FromFile(_file + ".absent")).Reason);

    private PreprocessOptions Read(string json)
    {
        File.WriteAllText(_file, json);
        return PreprocessOptions.FromFile(_file);
    }

    private void Refused(string json, ErrorReason reason, string? field)
    {
        var refusal = Assert.Throws<TaskResException>(() => Read(json));
        Assert.Equal((reason, field), (refusal.Reason, refusal.Field));
        Assert.Contains(_file, refusal.Message, StringComparison.Ordinal);
    }
}
