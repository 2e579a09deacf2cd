namespace TaskRes.Cli.Experiments;

/// <summary>Spearman's: the correlation of the values' ranks, equal values sharing the mean of theirs.</summary>
internal static class RankCorrelation
{
    /// <returns>From −1 to 1; 0 where one side does not vary.</returns>
    public static double Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var (x, y) = (Centred(Ranks(first)), Centred(Ranks(second)));
        var spread = Math.Sqrt(x.Sum(value => value * value) * y.Sum(value => value * value));
        return spread == 0 ? 0 : x.Zip(y, (a, b) => a * b).Sum() / spread;
    }

    private static double[] Ranks(IReadOnlyList<double> values) =>
        [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) + 1) / 2.0))];

    private static double[] Centred(double[] ranks)
    {
        var mean = ranks.Average();
        return [.. ranks.Select(rank => rank - mean)];
    }
}
