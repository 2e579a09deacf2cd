using TaskRes.Cli.Load;

namespace TaskRes.Clients.Tests.Cli.Load;

public sealed class ArrivalsTests
{
    private const int Count = 20_000;

    [Fact]
    public void Next_ManyTimes_ComesAtTheRateWithExponentialGaps()
    {
        var gaps = Gaps(rate: 100, seed: 1);

        Assert.Equal(0.01, gaps.Average(), 0.0005);
        // Of an exponential the deviation is the mean, and a share of 1/e is longer than it.
        Assert.Equal(0.01, Math.Sqrt(gaps.Average(gap => Math.Pow(gap - 0.01, 2))), 0.0005);
        Assert.Equal(1 / Math.E, gaps.Count(gap => gap > 0.01) / (double)Count, 0.02);
    }

    [Fact]
    public void Next_SameSeed_GivesTheSameTimes()
    {
        Assert.Equal(Gaps(rate: 7, seed: 3), Gaps(rate: 7, seed: 3));
        Assert.NotEqual(Gaps(rate: 7, seed: 3), Gaps(rate: 7, seed: 4));
    }

    private static double[] Gaps(double rate, int seed)
    {
        var arrivals = new Arrivals(rate, seed);
        var times = Enumerable.Range(0, Count).Select(_ => arrivals.Next().TotalSeconds).ToArray();
        return [.. times.Zip(times.Prepend(0), (time, before) => time - before)];
    }
}
