namespace TaskRes.Cli.Load;

/// <summary>When requests are due: a Poisson process, whose gaps are exponential, the same for the same seed.</summary>
/// <param name="rate">Arrivals a second.</param>
internal sealed class Arrivals(double rate, int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private double _seconds;

    /// <summary>The next one, since the start.</summary>
    public TimeSpan Next()
    {
        lock (_gate)
        {
            _seconds -= Math.Log(1 - _random.NextDouble()) / rate;
            return TimeSpan.FromSeconds(_seconds);
        }
    }
}
