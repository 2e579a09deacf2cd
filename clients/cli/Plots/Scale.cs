namespace TaskRes.Cli.Plots;

/// <summary>An axis: the values at its ends, round ones, and how many steps lie between them.</summary>
internal sealed record Scale(double Bottom, double Top, int Ticks)
{
    private const int UsualTicks = 5;

    private static readonly double[] Steps = [1, 2, 2.5, 5, 10];

    /// <summary>Where a value lies, from 0 at the bottom to 1 at the top.</summary>
    public double Share(double value) => (value - Bottom) / (Top - Bottom);

    public IEnumerable<double> Values => Enumerable.Range(0, Ticks + 1).Select(tick => Bottom + ((Top - Bottom) * tick / Ticks));

    /// <summary>From zero to the next of 1, 2, 2.5, 5 and 10 times a power of ten.</summary>
    public static Scale FromZero(double most) => new(0, Ceiling(most), UsualTicks);

    /// <summary>Around the values that there are, in steps of round numbers.</summary>
    public static Scale Around(double least, double most)
    {
        var step = Ceiling(Math.Max(most - least, 1e-6) / UsualTicks);
        var (bottom, top) = (Math.Floor(least / step), Math.Ceiling(most / step));
        if (top <= bottom) top = bottom + 1;
        return new Scale(bottom * step, top * step, (int)(top - bottom));
    }

    private static double Ceiling(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, double.Epsilon))));
        return power * Steps.First(step => step * power >= value * (1 - 1e-12));
    }
}
