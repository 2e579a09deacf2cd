using TaskRes.Cli.Load;

namespace TaskRes.Clients.Tests.Cli.Load;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    public void Percentile_OfManyDurations_IsWithinOnePercent(double share)
    {
        var random = new Random(1);
        // From microseconds to minutes.
        var durations = Enumerable.Range(0, 20_000).Select(_ => TimeSpan.FromMicroseconds((long)Math.Exp(random.NextDouble() * 18))).ToArray();
        var histogram = new LatencyHistogram();
        foreach (var duration in durations) histogram.Add(duration);
        Array.Sort(durations);

        var expected = durations[(int)Math.Ceiling(share * durations.Length) - 1].TotalMicroseconds;

        Assert.Equal(1, histogram.Percentile(share).TotalMicroseconds / expected, 0.01);
        Assert.Equal((durations[^1], 20_000), (histogram.Max, histogram.Count));
        Assert.Equal(durations.Average(duration => duration.TotalMicroseconds), histogram.Mean.TotalMicroseconds, 1.0);
    }

    [Fact]
    public void Percentile_OfOne_IsThatOne()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMicroseconds(1234567));

        Assert.InRange(histogram.Percentile(1).TotalMicroseconds, 1234567 * 0.99, 1234567);
    }

    [Fact]
    public void Percentile_OfNone_IsZero() => Assert.Equal((TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), (new LatencyHistogram().Percentile(0.5), new LatencyHistogram().Max, new LatencyHistogram().Mean));

    [Fact]
    public void Add_ByManyAtOnce_LosesNone()
    {
        var histogram = new LatencyHistogram();
        Parallel.For(0, 10_000, number => histogram.Add(TimeSpan.FromMicroseconds(number)));

        Assert.Equal((10_000, TimeSpan.FromMicroseconds(9999)), (histogram.Count, histogram.Max));
    }
}
