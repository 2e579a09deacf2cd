using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class EpochPlanTests
{
    /// <summary>From SplitMix64 and Fisher–Yates written anew in another language.</summary>
    private static readonly long[] KnownOrder = [4, 3, 2, 7, 5, 6, 0, 1];

    [Fact]
    public void Batches_EveryEpoch_IsAnotherPermutation()
    {
        var plan = new EpochPlan(new SyntheticTask().Support, new TrainingSettings { BatchSize = 5 }, null);

        var epochs = Enumerable.Range(0, 20).Select(epoch => plan.Batches(epoch).SelectMany(batch => batch).ToList()).ToList();

        Assert.All(epochs, epoch => Assert.Equal(Enumerable.Range(0, 20).Select(index => (long)index), epoch.Order()));
        Assert.Equal(20, epochs.Select(epoch => string.Join(' ', epoch)).Distinct().Count());
    }

    [Fact]
    public void Rows_SeveralViews_TakesEachExampleFromAllOfThem()
    {
        var plan = new EpochPlan(new SyntheticTask(views: 3).Support, new TrainingSettings(), null);

        var rows = Enumerable.Range(0, 50).SelectMany(_ => plan.Rows([4, 9])).ToHashSet();

        Assert.Equal([4, 9, 24, 29, 44, 49], rows.Order());
    }

    [Fact]
    public void Below_ManyDraws_AreEvenlySpread()
    {
        var random = new SeededRandom(1);

        var counts = Enumerable.Range(0, 30_000).Select(_ => random.Below(3)).CountBy(drawn => drawn).Select(pair => pair.Value);

        Assert.All(counts, count => Assert.InRange(count, 9_700, 10_300)); // 3.7 standard deviations
    }

    [Fact]
    public void Shuffle_KnownSeed_GivesTheKnownOrder()
    {
        long[] items = [0, 1, 2, 3, 4, 5, 6, 7];

        new SeededRandom(1).Shuffle(items);

        Assert.Equal(KnownOrder, items);
    }
}
