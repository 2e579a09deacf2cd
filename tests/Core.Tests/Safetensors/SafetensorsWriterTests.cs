using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Tests.Safetensors;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("taskres-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ToBytes_AnyOrder_GivesTheSameBytes()
    {
        TensorData[] tensors = [TensorData.F16("half", [1], [1]), TensorData.I64("whole", [2], [1]), TensorData.F32("single", [3], [1])];
        Dictionary<string, string> metadata = new() { ["b"] = "1", ["a"] = "ü\"\n" };

        var bytes = SafetensorsWriter.ToBytes(tensors, metadata);

        Assert.Equal(bytes, SafetensorsWriter.ToBytes([.. tensors.Reverse()], metadata.Reverse().ToDictionary()));
        using var file = SafetensorsFile.FromBytes(bytes, "written");
        Assert.Equal(metadata, file.Header.Metadata);
        Assert.Equal(0, file.Header.DataStart % 8);
        Assert.All(file.Header.Tensors.Values, tensor => Assert.Equal(0, tensor.Offset % tensor.Type.Size()));
    }

    [Fact]
    public void ToBytes_NothingAndScalarsAndEmptyTensors_ReadBack()
    {
        using var nothing = SafetensorsFile.FromBytes(SafetensorsWriter.ToBytes([]), "nothing");
        using var file = SafetensorsFile.FromBytes(
            SafetensorsWriter.ToBytes([TensorData.F32("scalar", [7], []), TensorData.F32("empty", [], [0, 5])]), "written");

        Assert.Empty(nothing.Header.Tensors);
        Assert.Equal([7f], file.Floats("scalar"));
        Assert.Empty(file.Floats("empty"));
    }

    [Fact]
    public void Write_Tensors_AreAskedForTheirBytesOneAtATime()
    {
        var written = new List<long>();
        using var stream = new MemoryStream();
        TensorData Part(string name) => new(name, ElementType.U8, [1000], () =>
        {
            written.Add(stream.Length);
            return new byte[1000];
        });

        SafetensorsWriter.Write(stream, [Part("a"), Part("b")]);

        Assert.Equal(1000, written[1] - written[0]);
    }

    [Fact]
    public void Write_TensorThatFails_LeavesTheOldFileAndNoTemporary()
    {
        var path = Path.Combine(_folder, "model.safetensors");
        SafetensorsWriter.Write(path, [TensorData.F32("a", [1], [1])]);
        var before = File.ReadAllBytes(path);

        Assert.Throws<TaskResException>(() => SafetensorsWriter.Write(path, [TensorData.F32("a", [1], [2])]));

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Write_FolderThatIsNotThere_IsInvalidField()
    {
        var path = Path.Combine(_folder, "absent", "model.safetensors");

        Assert.Equal(ErrorReason.InvalidField, Assert.Throws<TaskResException>(() => SafetensorsWriter.Write(path, [])).Reason);
    }

    [Fact]
    public void ToBytes_TensorsThatDoNotHoldTogether_AreInvalid()
    {
        TensorData[][] faulty =
        [
            [TensorData.F32("a", [1], [1]), TensorData.I64("a", [1], [1])],
            [TensorData.F32("a", [1], [2])],
            [TensorData.F32("a", [], [-1])],
            [TensorData.F32("a", [], [long.MaxValue, 2])],
            [TensorData.F32("__metadata__", [1], [1])],
        ];

        Assert.All(faulty, tensors =>
            Assert.Equal(ErrorReason.InvalidField, Assert.Throws<TaskResException>(() => SafetensorsWriter.ToBytes(tensors)).Reason));
    }
}
