using TaskRes.Core.Clip;

namespace TaskRes.Core.Tests.Clip;

public sealed class RandomClipTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("taskres-random-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ViT-B/32", 512, 151_277_313)]
    [InlineData("RN50", 1024, 102_060_385)]
    public void Write_FullSize_LoadsAndEncodes(string architecture, int dimension, long parameters)
    {
        RandomClip.Write(architecture, _folder, seed: 1);

        using var encoder = ClipEncoder.Load(new ClipLoadOptions { Path = _folder, Device = "cpu", Precision = Precision.Fp32 });
        var image = encoder.EncodeImages(new float[encoder.Preprocessor.ElementCount], 1);
        var text = encoder.EncodeTexts([[49406, 320, 1125, 49407]]);

        Assert.Equal((architecture, dimension), (encoder.Info.Architecture, encoder.Info.EmbeddingDimension));
        Assert.Equal(parameters, encoder.Info.Parameters);
        Assert.Equal((dimension, dimension), (image[0].Length, text[0].Length));
    }

    [Fact]
    public void Write_UnknownArchitecture_ListsTheKnown()
    {
        var error = Assert.Throws<TaskResException>(() => RandomClip.Write("ViT-Z/1", _folder, seed: 1));

        Assert.Equal((ErrorReason.InvalidField, "arch"), (error.Reason, error.Field));
        Assert.Contains("ViT-B/32", error.Message, StringComparison.Ordinal);
    }
}
