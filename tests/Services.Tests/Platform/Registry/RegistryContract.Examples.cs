using TaskRes.Core;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Registry;

public abstract partial class RegistryContract
{
    [Fact]
    public async Task PutExamplesAsync_NewSameChangedRepeated_OneOutcomeEach()
    {
        var task = await CreateAsync("birds");
        Assert.Equal([ExampleOutcome.Added], await Registry.PutExamplesAsync(task, [Samples.Example(1, views: 2)], Token));
        var outcomes = await Registry.PutExamplesAsync(
            task,
            [
                Samples.Example(1, views: 2),
                Samples.Example(1, views: 1),
                Samples.Example(1, views: 3),
                Samples.Example(1, classIndex: 2, views: 3),
                Samples.Example(2, classIndex: 1),
                Samples.Example(2, classIndex: 1),
            ],
            Token);
        Assert.Equal(
            [ExampleOutcome.Unchanged, ExampleOutcome.Unchanged, ExampleOutcome.Replaced, ExampleOutcome.Replaced, ExampleOutcome.Added, ExampleOutcome.Unchanged],
            outcomes);
        Assert.Equal([0, 1, 1], await Registry.CountExamplesAsync(task, Token));
    }

    [Fact]
    public async Task ReadExamplesAsync_ManyInTwoOrders_SortedByDigestAndEqual()
    {
        var task = await CreateAsync("birds");
        var examples = Enumerable.Range(0, 1200).Select(seed => Samples.Example(seed, seed % 3, dimension: 64)).ToArray();
        await Registry.PutExamplesAsync(task, examples[600..], Token);
        await Registry.PutExamplesAsync(task, examples[..600], Token);

        var read = await Registry.ReadExamplesAsync(task, Token);
        var expected = examples.OrderBy(example => $"{example.Digest}", StringComparer.Ordinal).ToArray();
        Assert.Equal(expected.Select(example => example.Digest), read.Select(example => example.Digest));
        Assert.Equal(expected.Select(example => example.Views[0]), read.Select(example => example.Views[0]));
        Assert.Equal([400, 400, 400], await Registry.CountExamplesAsync(task, Token));
    }

    [Fact]
    public async Task PutExamplesAsync_NotFiniteOrUnknownClass_RefusedAndNothingStored()
    {
        var task = await CreateAsync("birds");
        var notFinite = Samples.Example(1) with { Views = [[1, float.NaN, 0, 0]] };
        await RefusedAsync(ErrorReason.FeaturesInvalid, () => Registry.PutExamplesAsync(task, [Samples.Example(2), notFinite], Token));
        await RefusedAsync(ErrorReason.InvalidField, () => Registry.PutExamplesAsync(task, [Samples.Example(1, classIndex: 3)], Token));
        Assert.Empty(await Registry.ReadExamplesAsync(task, Token));
    }

    [Fact]
    public async Task PutExamplesAsync_OverTheLimit_LimitExceeded()
    {
        var task = await CreateAsync("birds");
        await using var small = new TestRegistry(new RedisOptions { Registry = connectionString, Cache = connectionString, RequireDurableRegistry = durable }, new RequestLimits { MaxExamplesPerTask = 2 });
        await small.Registry.PutExamplesAsync(task, [Samples.Example(1), Samples.Example(2)], Token);
        await RefusedAsync(ErrorReason.LimitExceeded, () => small.Registry.PutExamplesAsync(task, [Samples.Example(3)], Token));
        Assert.Equal([ExampleOutcome.Unchanged], await small.Registry.PutExamplesAsync(task, [Samples.Example(1)], Token));
    }

    [Fact]
    public async Task ReadExamplesAsync_FlippedBit_RevisionCorruptUntilPutAgain()
    {
        var task = await CreateAsync("birds");
        await Registry.PutExamplesAsync(task, [Samples.Example(1)], Token);
        var field = $"{Samples.Digest(1)}";
        byte[] value = (await host.Raw.HashGetAsync(RedisKeys.Examples(task), field))!;
        value[value.Length / 2] ^= 1;
        await host.Raw.HashSetAsync(RedisKeys.Examples(task), field, value);

        await RefusedAsync(ErrorReason.RevisionCorrupt, () => Registry.ReadExamplesAsync(task, Token));
        Assert.Equal([ExampleOutcome.Replaced], await Registry.PutExamplesAsync(task, [Samples.Example(1)], Token));
        Assert.Single(await Registry.ReadExamplesAsync(task, Token));
    }
}
