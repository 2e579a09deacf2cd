using System.IO.Compression;
using System.Text;
using TaskRes.Core.Checkpoints;
using TaskRes.Core.Safetensors;
using TaskRes.Core.Torch;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Forms => new() { { "vit", "openai.pt" }, { "vit", "hf" }, { "rn", "openai.pt" } };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Open_AnyForm_HasTheTensorsOfTheOpenAIFile(string model, string file)
    {
        using var reference = Checkpoint.Open(ReferenceData.Golden(model, "openai.safetensors"));
        using var other = Checkpoint.Open(ReferenceData.Golden(model, file));

        var names = reference.Tensors.Keys.Where(name => !Weights.IsBookkeeping(name)).Order().ToList();
        Assert.Equal(names, other.Tensors.Keys.Where(name => !Weights.IsBookkeeping(name)).Order());
        foreach (var name in names)
        {
            using var expected = reference.Read(name);
            using var actual = other.Read(name);
            Assert.Equal(reference.Tensors[name].Shape, other.Tensors[name].Shape);
            Assert.Equal(expected.shape, actual.shape);
            Assert.True(expected.equal(actual).all().item<bool>(), name);
        }
    }

    [Fact]
    public void Read_TensorThatLiesAskew_HasItsValues()
    {
        TorchRuntime.EnsureLoaded();
        using var file = SafetensorsFile.Open(ReferenceData.Golden("rn", "openai.safetensors"));
        using var checkpoint = Checkpoint.Open(ReferenceData.Golden("rn", "openai.safetensors"));
        var entry = file.Header.Tensors.Values.First(tensor => (file.Header.DataStart + tensor.Offset) % tensor.Type.Size() != 0);

        using var tensor = checkpoint.Read(entry.Name);

        Assert.Equal(file.Integers(entry.Name), tensor.data<long>().ToArray());
    }

    [Fact]
    public void Open_Shards_IsOneCheckpoint()
    {
        var tensors = ModelFolder.Tensors(ModelFolder.OpenAIFile);
        _folder.Save("a.safetensors", [.. tensors.Take(20)]);
        _folder.Save("b.safetensors", [.. tensors.Skip(20)]);
        _folder.Write("model.safetensors.index.json", Index(("x", "a.safetensors"), ("y", "b.safetensors")));

        using var checkpoint = Checkpoint.Open(_folder.Root);
        using var first = checkpoint.Read(tensors[0].Name);
        using var last = checkpoint.Read(tensors[^1].Name);

        Assert.Equal(tensors.Count, checkpoint.Tensors.Count);
        Assert.Equal(tensors[0].Bytes().ToArray(), first.bytes.ToArray());
        Assert.Equal(tensors[^1].Bytes().ToArray(), last.bytes.ToArray());
    }

    [Fact]
    public void Open_IndexOfAbsentShard_NamesTheShard()
    {
        _folder.Write("model.safetensors.index.json", Index(("x", "model-00002.safetensors")));

        var error = Refused(_folder.Root, ErrorReason.CheckpointNotFound);

        Assert.Contains("model-00002.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../elsewhere.safetensors")]
    [InlineData("/etc/hostname")]
    [InlineData("")]
    public void Open_IndexOfFileElsewhere_IsCorrupt(string shard)
    {
        _folder.Write("model.safetensors.index.json", Index(("x", shard)));

        Refused(_folder.Root, ErrorReason.CheckpointCorrupt);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"weight_map\": [1]}")]
    [InlineData("{\"weight_map\": {\"x\": 1}}")]
    public void Open_MalformedIndex_IsCorrupt(string json)
    {
        _folder.Write("model.safetensors.index.json", json);

        Refused(_folder.Root, ErrorReason.CheckpointCorrupt);
    }

    [Fact]
    public void Open_NothingThere_IsNotFound() => Refused(_folder.File("absent.safetensors"), ErrorReason.CheckpointNotFound);

    [Fact]
    public void Open_FolderWithoutWeights_SaysWhatIsLookedFor()
    {
        var error = Refused(_folder.Root, ErrorReason.CheckpointNotFound);

        Assert.Contains("model.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EmptyFile_IsCorrupt() => Refused(_folder.Write("model.safetensors", ""), ErrorReason.CheckpointCorrupt);

    [Fact]
    public void Open_Text_IsCorrupt() => Refused(_folder.Write("model.pt", "<html>404: not found</html>"), ErrorReason.CheckpointCorrupt);

    [Theory]
    [InlineData("openai.safetensors", 4)]
    [InlineData("openai.safetensors", 9)]
    [InlineData("openai.safetensors", 1000)]
    [InlineData("openai.safetensors", -2)]
    [InlineData("openai.pt", 10)]
    [InlineData("openai.pt", 5000)]
    [InlineData("openai.pt", -100)]
    public void Open_TruncatedFile_IsCorrupt(string file, int length)
    {
        var bytes = File.ReadAllBytes(ReferenceData.Golden("vit", file));

        Refused(_folder.Write(file, bytes[..(length < 0 ? bytes.Length + length : length)]), ErrorReason.CheckpointCorrupt);
    }

    [Fact]
    public void Open_DamagedTorchScript_IsCorrupt()
    {
        var path = _folder.Write("model.pt", File.ReadAllBytes(ReferenceData.Golden("vit", "openai.pt")));
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
            zip.Entries.First(entry => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal)).Delete();

        Refused(path, ErrorReason.CheckpointCorrupt);
    }

    [Fact]
    public void Open_PickledStateDict_NamesTheConversion()
    {
        var path = _folder.File("pytorch_model.bin");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        using (var pickle = zip.CreateEntry("archive/data.pkl").Open())
            pickle.Write([0x80, 2, (byte)'}', (byte)'.']);

        var error = Refused(_folder.Root, ErrorReason.CheckpointUnsupported);

        Assert.Contains("save_file", error.Message, StringComparison.Ordinal);
        Assert.Contains("pytorch_model.safetensors", error.Metadata["conversion"], StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PickleOfOldTorch_NamesTheConversion() =>
        Refused(_folder.Write("old.pt", [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']), ErrorReason.CheckpointUnsupported);

    [Fact]
    public void Open_SafetensorsWhoseLengthLooksLikeAPickle_IsRead()
    {
        TensorData Filler(int length) => TensorData.F32(new string('n', length), [1f], 1);
        var length = Enumerable.Range(1, 1000).First(n => BitConverter.ToInt64(SafetensorsWriter.ToBytes([Filler(n)])) == 0x0280);

        using var checkpoint = Checkpoint.Open(_folder.Save("odd.safetensors", [Filler(length)]));

        Assert.Single(checkpoint.Tensors);
    }

    private static string Index(params (string Tensor, string File)[] map) =>
        new StringBuilder("{\"metadata\": {}, \"weight_map\": {")
            .AppendJoin(", ", map.Select(pair => $"\"{pair.Tensor}\": \"{pair.File}\"")).Append("}}").ToString();

    private static TaskResException Refused(string path, ErrorReason reason)
    {
        var error = Assert.Throws<TaskResException>(() => Checkpoint.Open(path));
        Assert.Equal(reason, error.Reason);
        return error;
    }
}
