using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class SeededRandomTests
{
    private const int Draws = 40_000;

    [Fact]
    public void Uniform_ManyDraws_FillTheUnitIntervalEvenly()
    {
        var random = new SeededRandom(9);
        var draws = Enumerable.Range(0, Draws).Select(_ => random.Uniform()).ToList();

        Assert.All(draws, value => Assert.InRange(value, 0, Math.BitDecrement(1.0)));
        foreach (var bin in draws.CountBy(value => (int)(10 * value))) Assert.InRange(bin.Value, 3_760, 4_240); // 4 standard deviations
    }

    [Fact]
    public void Normal_ManyDraws_HaveTheMomentsOfTheStandardNormal()
    {
        var random = new SeededRandom(9);
        var draws = Enumerable.Range(0, Draws).Select(_ => random.Normal()).ToList();

        Assert.Equal(0, draws.Average(), 0.02);                                       // 4 standard errors
        Assert.Equal(1, draws.Average(value => value * value), 0.03);
        Assert.Equal(0, draws.Average(value => value * value * value), 0.08);
        Assert.Equal(3, draws.Average(value => Math.Pow(value, 4)), 0.2);
        Assert.Equal(0.95, draws.Count(value => Math.Abs(value) < 1.959964) / (double)Draws, 0.0044);
    }

    /// <summary>From SplitMix64 and Box and Muller written anew in another language.</summary>
    [Fact]
    public void Draws_KnownSeed_AreTheKnown()
    {
        var random = new SeededRandom(1);

        Assert.Equal([0.5665615751722809, 0.7457817572627011, 0.9710027535867962], [random.Uniform(), random.Uniform(), random.Uniform()]);
        Assert.Equal(-0.034267321791851144, new SeededRandom(1).Normal(), 1e-15);
    }

    [Fact]
    public void Draws_OfOneSeed_AreTheSame()
    {
        double[] Of(ulong seed)
        {
            var random = new SeededRandom(seed);
            return [random.Uniform(), random.Normal(), random.Normal(), random.Below(1000)];
        }

        Assert.Equal(Of(4), Of(4));
        Assert.NotEqual(Of(4), Of(5));
    }
}
