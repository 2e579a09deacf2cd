namespace TaskRes.Core.Learning.Evidence;

/// <summary>A mean with the interval that resampling gives it.</summary>
internal sealed record Interval(double Low, double Mean, double High);

/// <summary>The percentile bootstrap of a mean of paired differences (Efron 1979).</summary>
internal static class PairedBootstrap
{
    private const int Resamples = 1000;

    /// <param name="differences">One for each example.</param>
    /// <param name="confidence">Of the two-sided interval, such as 0.9.</param>
    /// <param name="seed">Fixes the resamples.</param>
    public static Interval Mean(IReadOnlyList<double> differences, double confidence, ulong seed)
    {
        var random = new SeededRandom(seed);
        var means = new double[Resamples];
        for (var resample = 0; resample < Resamples; resample++)
        {
            var sum = 0.0;
            for (var draw = 0; draw < differences.Count; draw++) sum += differences[random.Below(differences.Count)];
            means[resample] = sum / differences.Count;
        }

        Array.Sort(means);
        var tail = (1 - confidence) / 2;
        return new Interval(means[(int)(tail * Resamples)], differences.Average(), means[(int)((1 - tail) * (Resamples - 1))]);
    }
}
