using TaskRes.Encoder.Batching;

namespace TaskRes.Services.Tests.Encoder;

public sealed class PassCostTests
{
    private readonly PassCost _cost = new();

    [Fact]
    public void Observe_PassesOfManySizes_FindsTheFixedPart()
    {
        foreach (var units in new[] { 1, 8, 3, 32, 16 }) _cost.Observe(units, 0.5 + (0.25 * units));
        Assert.Equal((0.5, 0.25), (_cost.Fixed, _cost.PerUnit), Comparer);
        Assert.Equal(4.5, _cost.SecondsOf(16), 1e-9);
    }

    [Fact]
    public void Observe_PassesOfOneSize_TakesAllForTheUnits()
    {
        for (var pass = 0; pass < 10; pass++) _cost.Observe(4, 2);
        Assert.Equal((0, 0.5), (_cost.Fixed, _cost.PerUnit), Comparer);
    }

    [Fact]
    public void Observe_LargerPassesThatWereFaster_HaveNoNegativePart()
    {
        _cost.Observe(1, 3);
        _cost.Observe(10, 1);
        Assert.True(_cost is { Fixed: >= 0, PerUnit: >= 0 });
    }

    [Fact]
    public void Observe_AMachineThatBecameFaster_ForgetsTheOldPasses()
    {
        for (var pass = 0; pass < 10; pass++) _cost.Observe(1 + (pass % 4), 10 * (1 + (pass % 4)));
        for (var pass = 0; pass < 200; pass++) _cost.Observe(1 + (pass % 4), 1 + (pass % 4));
        Assert.Equal((0, 1), (_cost.Fixed, _cost.PerUnit), Comparer);
    }

    private static bool Comparer((double Fixed, double PerUnit) a, (double Fixed, double PerUnit) b) =>
        Math.Abs(a.Fixed - b.Fixed) < 1e-2 && Math.Abs(a.PerUnit - b.PerUnit) < 1e-2;
}
