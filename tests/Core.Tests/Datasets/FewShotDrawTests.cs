using System.Text.Json;
using TaskRes.Core.Datasets;

namespace TaskRes.Core.Tests.Datasets;

public sealed class FewShotDrawTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(16, 4)]
    public void Of_Shots_DrawsSoManyOfEachClass(int shots, int validationShots)
    {
        var drawn = FewShotDraw.Of(Dataset(classes: 3, train: 30, validation: 10), shots, seed: 1);

        Assert.All(Enumerable.Range(0, 3), label => Assert.Equal(shots, drawn.Train.Where(image => image.Label == label).Distinct().Count()));
        Assert.All(Enumerable.Range(0, 3), label => Assert.Equal(validationShots, drawn.Validation.Where(image => image.Label == label).Distinct().Count()));
    }

    [Fact]
    public void Of_AnotherSeed_DrawsOthers()
    {
        var dataset = Dataset(classes: 3, train: 30, validation: 10);

        Assert.Equal(FewShotDraw.Of(dataset, 4, 1).Train, FewShotDraw.Of(dataset, 4, 1).Train);
        Assert.NotEqual(FewShotDraw.Of(dataset, 4, 1).Train, FewShotDraw.Of(dataset, 4, 2).Train);
    }

    [Fact]
    public void Of_ClassWithFewerImages_TakesThemAll()
    {
        var drawn = FewShotDraw.Of(Dataset(classes: 2, train: 3, validation: 0), 16, 1);

        Assert.Equal(6, drawn.Train.Count);
        Assert.Empty(drawn.Validation);
    }

    [Fact]
    public void Of_ClassWithoutImages_IsRefused()
    {
        var dataset = Dataset(classes: 2, train: 3, validation: 0) with { ClassNames = ["a", "b", "c"] };

        var error = Assert.Throws<TaskResException>(() => FewShotDraw.Of(dataset, 1, 1));

        Assert.Equal(ErrorReason.NoExamples, error.Reason);
        Assert.Contains("'c'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The released draw, as Dassl's generate_fewshot_dataset does it, run by the Python that is here.</summary>
    [Fact]
    public void Of_PublishedSeeds_DrawsTheShotsOfTheReleasedCode()
    {
        const string Script = """
            import json, random, sys
            from collections import defaultdict
            train, val = json.loads(sys.argv[1])
            def draw(items, shots):
                tracker = defaultdict(list)
                for item in items:
                    tracker[item[1]].append(item)
                out = []
                for group in tracker.values():
                    out.extend(random.sample(group, shots) if len(group) >= shots else group)
                return out
            result = []
            for seed in (1, 2, 3):
                for shots in (1, 2, 4, 8, 16):
                    random.seed(seed)
                    result.append([draw(train, shots), draw(val, min(shots, 4))])
            print(json.dumps(result))
            """;
        var dataset = Dataset(classes: 7, train: 40, validation: 3);
        // Classes in another order than that of their labels, and not one after the other.
        dataset = dataset with { Train = [.. dataset.Train.Select((image, place) => (image, place)).OrderBy(entry => entry.place * 7919 % 101).Select(entry => entry.image)] };
        static object[][] Items(IEnumerable<LabelledImage> images) => [.. images.Select(image => new object[] { image.Path, image.Label })];
        var expected = Python.Run(Script, JsonSerializer.Serialize(new[] { Items(dataset.Train), Items(dataset.Validation) }));

        var actual = new List<object[][][]>();
        foreach (var seed in new ulong[] { 1, 2, 3 })
            foreach (var shots in new[] { 1, 2, 4, 8, 16 })
            {
                var drawn = FewShotDraw.Of(dataset, shots, seed);
                actual.Add([Items(drawn.Train), Items(drawn.Validation)]);
            }

        Assert.Equal(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(expected)), JsonSerializer.Serialize(actual));
    }

    private static ImageDataset Dataset(int classes, int train, int validation)
    {
        LabelledImage[] Images(string part, int count) =>
            [.. Enumerable.Range(0, classes).SelectMany(label => Enumerable.Range(0, count).Select(i => new LabelledImage($"{part}/{label}/{i}.jpg", label)))];
        return new ImageDataset
        {
            Name = "made",
            Root = "/nowhere",
            ClassNames = [.. Enumerable.Range(0, classes).Select(label => $"class {label}")],
            Train = Images("train", train),
            Validation = Images("val", validation),
            Test = Images("test", 2),
        };
    }
}
