namespace TaskRes.Core.Images;

/// <summary>
/// The weights with which one axis is resampled: Keys' cubic (a = −0.5) or a triangle, stretched over the source when
/// shrinking, in fixed point of 22 bits, as Pillow's Resample.c has them. Output <c>i</c> of the range is the sum over <c>t</c> of
/// <c>Weights[i·Taps + t]</c> times source <c>First[i] + t</c>, for <c>t</c> below <c>Count[i]</c>.
/// </summary>
internal sealed class ResamplingKernel
{
    public const int FractionBits = 32 - 8 - 2;

    private const double A = -0.5;

    /// <param name="source">Length of the source axis.</param>
    /// <param name="scaled">Length of the whole resampled axis.</param>
    /// <param name="start">The first output that is wanted.</param>
    /// <param name="count">How many outputs are wanted.</param>
    /// <param name="interpolation">The weights' shape.</param>
    public ResamplingKernel(int source, int scaled, int start, int count, Interpolation interpolation)
    {
        var (support, shape) = interpolation is Interpolation.Bicubic ? (2.0, (Func<double, double>)Cubic) : (1.0, Triangle);
        var step = (double)source / scaled;
        var stretch = Math.Max(step, 1);
        var reach = support * stretch;
        Taps = (int)Math.Ceiling(reach) * 2 + 1;
        (First, Count, Weights) = (new int[count], new int[count], new int[count * Taps]);

        var weights = new double[Taps];
        for (var i = 0; i < count; i++)
        {
            var center = (start + i + 0.5) * step;
            var first = Math.Max((int)(center - reach + 0.5), 0);
            var taps = Math.Min((int)(center + reach + 0.5), source) - first;
            // The reference multiplies by the inverse and divides by the sum: the same roundings, so the same bits.
            var inverse = 1 / stretch;
            double sum = 0;
            for (var t = 0; t < taps; t++) sum += weights[t] = shape((t + first - center + 0.5) * inverse);
            for (var t = 0; t < taps; t++) Weights[i * Taps + t] = Fixed(sum == 0 ? weights[t] : weights[t] / sum);
            (First[i], Count[i]) = (first, taps);
        }
    }

    public int Taps { get; }

    public int[] First { get; }

    public int[] Count { get; }

    public int[] Weights { get; }

    private static int Fixed(double weight) => (int)(weight * (1 << FractionBits) + (weight < 0 ? -0.5 : 0.5));

    private static double Triangle(double x) => Math.Max(0, 1 - Math.Abs(x));

    private static double Cubic(double x)
    {
        x = Math.Abs(x);
        if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }
}
