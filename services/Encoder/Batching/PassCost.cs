namespace TaskRes.Encoder.Batching;

/// <summary>
/// What a forward pass over images or over texts takes: a + b·u seconds for u units of work, by least squares over the passes
/// of late, of which older ones weigh less. The queue's owner observes, anybody reads.
/// </summary>
internal sealed class PassCost
{
    private const double Memory = 0.95;

    // Weighted sums: of 1, u, u², t and u·t.
    private double _passes, _units, _squares, _seconds, _products;
    private double _fixed, _perUnit, _average;

    /// <summary>a, in seconds; 0 before the first pass.</summary>
    public double Fixed => Volatile.Read(ref _fixed);

    /// <summary>b, in seconds; 0 before the first pass.</summary>
    public double PerUnit => Volatile.Read(ref _perUnit);

    /// <summary>Seconds a unit, the fixed part shared as it was of late; 0 before the first pass.</summary>
    public double Average => Volatile.Read(ref _average);

    public double SecondsOf(double units) => Fixed + (PerUnit * units);

    /// <param name="units">More than 0.</param>
    public void Observe(double units, double seconds)
    {
        _passes = (Memory * _passes) + 1;
        _units = (Memory * _units) + units;
        _squares = (Memory * _squares) + (units * units);
        _seconds = (Memory * _seconds) + seconds;
        _products = (Memory * _products) + (units * seconds);

        var average = _seconds / _units;
        // Passes of one size tell nothing about the fixed part; noise may make either part negative.
        var variance = (_passes * _squares) - (_units * _units);
        var slope = variance < 1e-6 * _passes * _squares ? average : ((_passes * _products) - (_units * _seconds)) / variance;
        slope = Math.Clamp(slope, 0, average);
        Volatile.Write(ref _perUnit, slope);
        Volatile.Write(ref _fixed, (_seconds - (slope * _units)) / _passes);
        Volatile.Write(ref _average, average);
    }
}

/// <summary>The costs of both kinds of passes: an image is a unit, a text as many as its batch's longest has tokens.</summary>
internal sealed class PassCosts
{
    public PassCost Images { get; } = new();

    public PassCost Texts { get; } = new();

    public PassCost Of(bool texts) => texts ? Texts : Images;
}
