using TaskRes.Core.Datasets;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Tests.Datasets;

public sealed class FeatureFileTests : IDisposable
{
    private readonly DatasetDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void Open_FileWithABase_GivesWhatItHolds()
    {
        using var file = FeatureFile.Open(Write([0, 1, 1], [1, 0], withBase: true));

        Assert.Equal([2, 16], file.Shots);
        Assert.Equal((3, 4, 50.0, "CLIP"), (file.Classes, file.Base!.Columns, file.LogitScale, file.Backbone));
        Assert.Equal([1, 0], file.Train(2).Labels);
        Assert.Equal([0, 1, 1], file.Test.Labels);
    }

    [Fact]
    public void Open_FileWithoutABase_CountsClassesByTheTest()
    {
        using var file = FeatureFile.Open(Write([0, 1, 4], [1, 0], withBase: false));

        Assert.Equal(5, file.Classes);
        Assert.Null(file.Base);
    }

    [Theory]
    [InlineData(new long[] { 0, 3, 1 }, ErrorReason.UnknownLabel)]
    [InlineData(new long[] { 0, -1, 1 }, ErrorReason.UnknownLabel)]
    [InlineData(new long[] { 0, 1 }, ErrorReason.FeaturesInvalid)]
    public void Open_LabelsThatDoNotFit_AreRefused(long[] labels, ErrorReason reason)
    {
        var path = Write(labels, [1, 0], withBase: true);

        Assert.Equal(reason, Assert.Throws<TaskResException>(() => FeatureFile.Open(path)).Reason);
    }

    [Fact]
    public void Open_FileWithoutTrainingSets_IsRefused()
    {
        var path = _disk.PathOf("none.safetensors");
        SafetensorsWriter.Write(path, [TensorData.F32("features", new float[4], 1, 4)]);

        Assert.Equal(ErrorReason.CheckpointMismatch, Assert.Throws<TaskResException>(() => FeatureFile.Open(path)).Reason);
    }

    private string Write(long[] test, long[] train, bool withBase)
    {
        var path = _disk.PathOf($"{Guid.NewGuid():N}.safetensors");
        List<TensorData> tensors = [TensorData.F32("test.features", Ones(3), 3, 4), TensorData.I64("test.labels", test, test.Length)];
        foreach (var shots in new[] { 16, 2 })
        {
            tensors.Add(TensorData.F16($"train_{shots}shot.features", Ones(2), 2, 4));
            tensors.Add(TensorData.I64($"train_{shots}shot.labels", train, 2));
        }

        if (withBase) tensors.Add(TensorData.F32("base", Ones(3), 3, 4));
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { ["logit_scale"] = "50", ["backbone"] = "CLIP" });
        return path;
    }

    private static float[] Ones(int rows) => [.. Enumerable.Repeat(1f, 4 * rows)];
}
