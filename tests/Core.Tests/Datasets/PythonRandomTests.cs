using System.Text.Json;
using TaskRes.Core.Datasets;

namespace TaskRes.Core.Tests.Datasets;

public sealed class PythonRandomTests
{
    [Fact]
    public void Sample_SeedOne_DrawsAsPythonDid()
    {
        var random = new PythonRandom(1);

        Assert.Equal([4, 18, 27, 25], random.Sample([.. Enumerable.Range(0, 30)], 4));
        Assert.Equal([782, 64, 261, 120, 507, 779, 460, 483, 667, 388, 807, 214, 96, 499, 29, 914], random.Sample([.. Enumerable.Range(0, 1000)], 16));
        Assert.Equal([6], random.Sample([.. Enumerable.Range(0, 7)], 1));
    }

    [Fact]
    public void Shuffle_SeedOfMoreThan32Bits_ShufflesAsPythonDid()
    {
        int[] items = [.. Enumerable.Range(0, 10)];
        new PythonRandom((1UL << 40) + 5).Shuffle(items.AsSpan());

        Assert.Equal([1, 2, 3, 6, 7, 0, 5, 4, 9, 8], items);
    }

    /// <summary>Many sizes, so that both ways in which Python samples are met, and more numbers than the twister makes at once.</summary>
    [Fact]
    public void Sample_ManySizesAndSeeds_DrawsAsThePythonHere()
    {
        const string Script = """
            import json, random
            out = []
            for seed in [0, 1, 2, 3, 12345, 2**32 - 1, 2**32, 2**64 - 1]:
                random.seed(seed)
                for size in list(range(1, 120)) + [1300]:
                    out.append([random.sample(range(size), shots) for shots in (1, 2, 4, 8, 16) if shots <= size])
                items = list(range(50))
                random.shuffle(items)
                out.append([items])
            print(json.dumps(out))
            """;
        var expected = Python.Run(Script);

        var actual = new List<List<int[]>>();
        foreach (var seed in new ulong[] { 0, 1, 2, 3, 12345, uint.MaxValue, 1UL << 32, ulong.MaxValue })
        {
            var random = new PythonRandom(seed);
            foreach (var size in Enumerable.Range(1, 119).Append(1300))
                actual.Add([.. new[] { 1, 2, 4, 8, 16 }.Where(shots => shots <= size).Select(shots => random.Sample([.. Enumerable.Range(0, size)], shots))]);
            int[] items = [.. Enumerable.Range(0, 50)];
            random.Shuffle(items.AsSpan());
            actual.Add([items]);
        }

        Assert.Equal(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(expected)), JsonSerializer.Serialize(actual));
    }
}
