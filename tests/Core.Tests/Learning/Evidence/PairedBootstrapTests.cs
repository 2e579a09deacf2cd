using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;

namespace TaskRes.Core.Tests.Learning.Evidence;

public sealed class PairedBootstrapTests
{
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.95)]
    public void Mean_NormalDifferences_CoversTheTrueMeanAsOftenAsItSays(double confidence)
    {
        const int Trials = 200;
        const int Examples = 60;
        var random = new SeededRandom(5);

        var covered = Enumerable.Range(0, Trials).Count(trial =>
        {
            var interval = PairedBootstrap.Mean([.. Enumerable.Range(0, Examples).Select(_ => 0.3 + random.Normal())], confidence, (ulong)trial);
            return interval.Low <= 0.3 && 0.3 <= interval.High;
        });

        // The percentile interval is a little narrow at 60 examples; beyond that, three standard errors.
        var error = Math.Sqrt(confidence * (1 - confidence) / Trials);
        Assert.InRange(covered / (double)Trials, confidence - 0.01 - (3 * error), confidence + (3 * error));
    }

    [Fact]
    public void Mean_ManyDifferences_IsTheNormalInterval()
    {
        var random = new SeededRandom(5);
        double[] differences = [.. Enumerable.Range(0, 2000).Select(_ => 2 * random.Normal())];
        var mean = differences.Average();
        var error = Math.Sqrt(differences.Average(value => (value - mean) * (value - mean)) / 2000);

        var interval = PairedBootstrap.Mean(differences, 0.95, seed: 1);

        Assert.Equal(mean, interval.Mean, 1e-12);
        Assert.Equal(mean - (1.96 * error), interval.Low, 0.15 * error);
        Assert.Equal(mean + (1.96 * error), interval.High, 0.15 * error);
    }

    [Fact]
    public void Mean_OneSeed_IsTheSame()
    {
        double[] differences = [1, 2, 4, 8, -3];

        Assert.Equal(PairedBootstrap.Mean(differences, 0.9, 1), PairedBootstrap.Mean(differences, 0.9, 1));
        Assert.Equal(new Interval(2, 2, 2), PairedBootstrap.Mean([2, 2, 2], 0.95, 1));
    }
}
