using TaskRes.Core.Datasets;

namespace TaskRes.Core.Tests.Datasets;

public sealed class ClassFolderDatasetTests : IDisposable
{
    private readonly DatasetDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void Read_TrainAndTest_KeepsTheParts()
    {
        _disk.Images("pets/train/dog/1.png", "pets/train/cat/2.jpg", "pets/test/cat/3.webp", "pets/test/cat/notes.txt", "pets/val/dog/4.jpg");

        var dataset = ClassFolderDataset.Read(_disk.PathOf("pets"));

        Assert.Equal("pets", dataset.Name);
        Assert.Equal(["cat", "dog"], dataset.ClassNames);
        Assert.Equal([new("train/cat/2.jpg", 0), new("train/dog/1.png", 1)], dataset.Train);
        Assert.Equal([new("test/cat/3.webp", 0)], dataset.Test);
        Assert.Equal([new("val/dog/4.jpg", 1)], dataset.Validation);
    }

    [Fact]
    public void Read_ClassFoldersAlone_SplitsEachClassByHalfAFifthAndTheRest()
    {
        _disk.Images([.. from name in new[] { "a", "b" } from i in Enumerable.Range(0, 10) select $"{name}/{i}.jpg"]);

        var dataset = ClassFolderDataset.Read(_disk.Root);

        foreach (var label in new[] { 0, 1 })
            Assert.Equal((5, 2, 3), (dataset.Train.Count(image => image.Label == label), dataset.Validation.Count(image => image.Label == label), dataset.Test.Count(image => image.Label == label)));
        Assert.Equal(20, dataset.Train.Concat(dataset.Validation).Concat(dataset.Test).Distinct().Count());
        Assert.Equal(dataset.Train, ClassFolderDataset.Read(_disk.Root).Train);
    }

    [Fact]
    public void Read_TooFewImages_NamesTheClass()
    {
        _disk.Images("a/1.jpg", "a/2.jpg", "a/3.jpg", "a/4.jpg", "b/1.jpg", "b/2.jpg");

        var error = Assert.Throws<TaskResException>(() => ClassFolderDataset.Read(_disk.Root));

        Assert.Equal((ErrorReason.NoExamples, _disk.PathOf("b")), (error.Reason, error.Field));
    }

    [Fact]
    public void Read_TestOfAnUnknownClass_IsRefused()
    {
        _disk.Images("train/a/1.jpg", "train/b/1.jpg", "test/c/1.jpg");

        Assert.Equal(ErrorReason.UnknownLabel, Assert.Throws<TaskResException>(() => ClassFolderDataset.Read(_disk.Root)).Reason);
    }

    [Fact]
    public void Read_NoFolder_IsRefused() =>
        Assert.Equal(ErrorReason.InvalidField, Assert.Throws<TaskResException>(() => ClassFolderDataset.Read(_disk.PathOf("none"))).Reason);
}
