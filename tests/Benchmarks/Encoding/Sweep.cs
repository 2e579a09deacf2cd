using System.Diagnostics;

namespace TaskRes.Benchmarks.Encoding;

/// <summary>Images a second of one contestant, by batch and repetition.</summary>
internal sealed class Sweep(int[] batches, int repetitions, Action<int> encode)
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.4);

    private readonly Dictionary<int, double[]> _rates = batches.ToDictionary(batch => batch, _ => new double[repetitions]);

    /// <summary>The best batch's rate in each repetition.</summary>
    public double[] Best => [.. Enumerable.Range(0, repetitions).Select(repetition => _rates.Values.Max(rates => rates[repetition]))];

    public double[] Milliseconds(int batch) => [.. _rates[batch].Select(rate => 1000 * batch / rate)];

    public double Median(int batch) => _rates[batch].Order().ElementAt(repetitions / 2);

    public void Measure(int repetition, int batch)
    {
        encode(batch);
        var passes = 0;
        var start = Stopwatch.GetTimestamp();
        do
        {
            encode(batch);
            passes++;
        }
        while (Stopwatch.GetElapsedTime(start) < Least);
        _rates[batch][repetition] = passes * batch / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
