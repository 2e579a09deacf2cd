using System.Runtime.InteropServices;
using TaskRes.Core.Checkpoints;
using TaskRes.Core.Safetensors;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("taskres-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_GoldenFile_AgreesWithTheSameBytesInMemory()
    {
        var path = ReferenceData.Golden("taskres_one_batch.safetensors");
        using var mapped = SafetensorsFile.Open(path);
        using var inMemory = SafetensorsFile.FromBytes(File.ReadAllBytes(path), "memory");

        Assert.Equal("100.0", mapped.Header.Metadata["logit_scale"]);
        Assert.Equal([64L, 32L], mapped.Header.Tensors["features"].Shape);
        Assert.Equal(64, mapped.Integers("labels").Length);
        Assert.All(mapped.Header.Tensors.Keys, name => Assert.Equal(inMemory.Bytes(name), mapped.Bytes(name)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Open_HeaderThatIsNotPadded_GivesTheValues(int skew)
    {
        // As written by libraries of 2022 and early 2023.
        const string json = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        var header = System.Text.Encoding.UTF8.GetBytes(json.PadRight(((json.Length + 7) / 8 * 8) + skew));
        var path = Path.Combine(_folder, "old.safetensors");
        float[] values = [1.5f, -2];
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)header.Length), .. header, .. MemoryMarshal.AsBytes(values.AsSpan())]);

        using var file = SafetensorsFile.Open(path);
        Assert.Equal(values, file.Floats("a"));
        using var checkpoint = Checkpoint.Open(path);
        using var tensor = checkpoint.Read("a");
        Assert.Equal(values, tensor.data<float>().ToArray());
    }

    [Fact]
    public void Floats_EveryFloatingType_GivesTheValues()
    {
        double[] doubles = [1.5, -2, 0];
        ushort[] brainFloats = [0x3FC0, 0xC000, 0];
        using var file = Reopen(
            TensorData.F32("f32", [1.5f, -2, 0], [3]),
            TensorData.F16("f16", [1.5f, -2, 0], [3]),
            new TensorData("f64", ElementType.F64, [3], () => MemoryMarshal.AsBytes(doubles.AsSpan()).ToArray()),
            new TensorData("bf16", ElementType.BF16, [3], () => MemoryMarshal.AsBytes(brainFloats.AsSpan()).ToArray()));

        Assert.All(file.Header.Tensors.Keys, name => Assert.Equal([1.5f, -2, 0], file.Floats(name)));
    }

    [Fact]
    public void Integers_EveryIntegralType_GivesTheValues()
    {
        using var file = Reopen(
            TensorData.I64("i64", [1, -2], [2]),
            new TensorData("i32", ElementType.I32, [2], () => new byte[] { 1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF }),
            new TensorData("i16", ElementType.I16, [2], () => new byte[] { 1, 0, 0xFE, 0xFF }),
            new TensorData("i8", ElementType.I8, [2], () => new byte[] { 1, 0xFE }));

        Assert.All(file.Header.Tensors.Keys, name => Assert.Equal([1L, -2L], file.Integers(name)));
    }

    [Fact]
    public void Bytes_MissingTensor_NamesItAndWhatIsThere()
    {
        using var file = Reopen(TensorData.I64("labels", [1], [1]));

        var refusal = Assert.Throws<TaskResException>(() => file.Floats("lables"));

        Assert.Equal(ErrorReason.CheckpointMismatch, refusal.Reason);
        Assert.Contains("'lables'; there are: labels.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Floats_IntegralTensor_IsMismatch()
    {
        using var file = Reopen(TensorData.I64("labels", [1], [1]), TensorData.F32("base", [1], [1]));

        Assert.Equal(ErrorReason.CheckpointMismatch, Assert.Throws<TaskResException>(() => file.Floats("labels")).Reason);
        Assert.Equal(ErrorReason.CheckpointMismatch, Assert.Throws<TaskResException>(() => file.Integers("base")).Reason);
    }

    [Fact]
    public void Open_NoSuchFile_IsNotFound()
    {
        foreach (var path in new[] { Path.Combine(_folder, "absent"), _folder, "" })
            Assert.Equal(ErrorReason.CheckpointNotFound, Assert.Throws<TaskResException>(() => SafetensorsFile.Open(path)).Reason);
    }

    [Fact]
    public void Open_EmptyFile_IsCorrupt()
    {
        var path = Path.Combine(_folder, "empty");
        File.WriteAllBytes(path, []);

        Assert.Equal(ErrorReason.CheckpointCorrupt, Assert.Throws<TaskResException>(() => SafetensorsFile.Open(path)).Reason);
    }

    [Fact]
    public void Floats_BeyondTwoGigabytes_AreReadAndALargerTensorIsRefused()
    {
        const long large = (long)int.MaxValue + 9;
        var path = Path.Combine(_folder, "large.safetensors");
        var head = HostileFile.Make($$$"""{"large":{"dtype":"U8","shape":[{{{large}}}],"data_offsets":[0,{{{large}}}]},"small":{"dtype":"F32","shape":[1],"data_offsets":[{{{large}}},{{{large + 4}}}]}}""", 0);
        using (var stream = File.Create(path))
        {
            // The bytes between are never written: the file system stores no zeros.
            stream.Write(head);
            stream.Position = head.Length + large;
            stream.Write(BitConverter.GetBytes(1.5f));
        }
        using var file = SafetensorsFile.Open(path);

        Assert.Equal([1.5f], file.Floats("small"));
        Assert.Equal(ErrorReason.CheckpointUnsupported, Assert.Throws<TaskResException>(() => file.Integers("large")).Reason);
    }

    [Fact]
    public void Bytes_AfterDispose_Throws()
    {
        var file = Reopen(TensorData.I64("labels", [1], [1]));
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.Bytes("labels").Length);
    }

    private SafetensorsFile Reopen(params TensorData[] tensors)
    {
        var path = Path.Combine(_folder, "file.safetensors");
        SafetensorsWriter.Write(path, tensors);
        return SafetensorsFile.Open(path);
    }
}
