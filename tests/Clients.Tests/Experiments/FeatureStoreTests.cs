using TaskRes.Cli.Experiments;
using TaskRes.Cli.Output;
using TaskRes.Core;
using TaskRes.Core.Clip;

namespace TaskRes.Clients.Tests.Experiments;

public sealed class FeatureStoreTests : IDisposable
{
    private static readonly ClipModelInfo Encoder = new("m", new string('a', 64), "ViT", 2, 8, 8, 8, 100, Precision.Fp32, "cpu", 1, 1);

    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("taskres-features-");
    private readonly List<int> _encoded = [];

    public void Dispose() => _cache.Delete(recursive: true);

    [Fact]
    public async Task Get_AnotherTime_EncodesOnlyWhatIsNew()
    {
        await GetAsync(["a", "b", "a"]);
        Assert.Equal([0, 1], _encoded);

        var rows = await GetAsync(["b", "c", "a"]);

        Assert.Equal([0, 1, 1], _encoded);
        Assert.Equal([Row("b"), Row("c"), Row("a")], rows);
    }

    [Fact]
    public async Task Get_CutOff_KeepsTheFilesThatWereDone()
    {
        string[] keys = [.. Enumerable.Range(0, 1200).Select(i => $"k{i}")];
        var store = Store();
        await Assert.ThrowsAsync<IOException>(() => store.GetAsync(
            keys, places => places[0] >= 1024 ? throw new IOException("cut off") : Encode(keys, places), "x", new Nothing(), TestContext.Current.CancellationToken));
        _encoded.Clear();

        var rows = await GetAsync(keys);

        Assert.Equal(Enumerable.Range(1024, 176), _encoded);
        Assert.Equal(keys.Select(Row), rows);
    }

    [Fact]
    public async Task Get_AnotherPrecision_EncodesAnew()
    {
        await GetAsync(["a"]);
        var store = FeatureStore.Open(_cache.FullName, Encoder with { Precision = Precision.Bf16 }, "set");

        await store.GetAsync(["a"], places => Encode(["a"], places), "x", new Nothing(), TestContext.Current.CancellationToken);

        Assert.Equal([0, 0], _encoded);
    }

    [Fact]
    public async Task Open_FileOfAnotherEncoder_IsRefusedByName()
    {
        await GetAsync(["a"]);
        var file = Assert.Single(_cache.EnumerateFiles("*", SearchOption.AllDirectories));
        var other = Encoder with { Fingerprint = new string('a', 63) + "b" }; // the same folder, for its name is short

        var error = Assert.Throws<TaskResException>(() => FeatureStore.Open(_cache.FullName, other, "set"));

        Assert.Equal((ErrorReason.CheckpointCorrupt, file.FullName), (error.Reason, error.Field));
    }

    private FeatureStore Store() => FeatureStore.Open(_cache.FullName, Encoder, "set");

    private async Task<float[][]> GetAsync(string[] keys)
    {
        var features = await Store().GetAsync(keys, places => Encode(keys, places), "x", new Nothing(), TestContext.Current.CancellationToken);
        return [.. Enumerable.Range(0, features.Rows).Select(row => features.Row(row).ToArray())];
    }

    private Task<float[][]> Encode(string[] keys, IReadOnlyList<int> places)
    {
        _encoded.AddRange(places);
        return Task.FromResult(places.Select(place => Row(keys[place])).ToArray());
    }

    private static float[] Row(string key) => [key[0], int.TryParse(key.AsSpan(1), out var number) ? number : 1];

    private sealed class Nothing : IProgress<Step>
    {
        public void Report(Step value)
        {
        }
    }
}
