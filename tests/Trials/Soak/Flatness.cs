using System.Globalization;

namespace TaskRes.Trials.Soak;

/// <summary>Whether something grows: the median of a run's last third against that of its middle third. The first third warms up.</summary>
/// <param name="Relative">Growth that is allowed, as a share of the middle.</param>
/// <param name="Absolute">Growth that is allowed beside it, in the series' unit.</param>
internal sealed record Flatness(double Relative, double Absolute)
{
    private const int LeastSamples = 9;

    /// <summary>The two medians.</summary>
    public static (double Middle, double Last) Thirds(IReadOnlyList<double> series) =>
        (Median([.. series.Skip(series.Count / 3).Take(series.Count / 3)]), Median([.. series.Skip(series.Count - (series.Count / 3))]));

    /// <summary>Null where it is flat; else what is wrong.</summary>
    public string? Fault(string what, IReadOnlyList<double> series)
    {
        if (series.Count < LeastSamples) return string.Create(CultureInfo.InvariantCulture, $"{what} has {series.Count} samples, too few to judge");
        var (middle, last) = Thirds(series);
        return last <= (middle * (1 + Relative)) + Absolute
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{what} grows: {middle:F1} in the middle third and {last:F1} in the last");
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
