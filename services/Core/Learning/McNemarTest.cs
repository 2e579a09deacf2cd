namespace TaskRes.Core.Learning;

/// <summary>
/// McNemar's exact test: of the images that exactly one of two classifiers gets right, each has even odds to be either's
/// if the two are equally good (McNemar 1947; binomial form, two-sided).
/// </summary>
internal static class McNemarTest
{
    /// <summary>The level at which a difference counts.</summary>
    public const double Significance = 0.05;

    /// <summary>With fewer discordant pairs even the most lopsided outcome is not significant: 2·½⁵ = 0.0625.</summary>
    public const int FewestPairs = 6;

    /// <summary>The probability of a split at least as uneven as this one.</summary>
    /// <param name="onlyFirst">Pairs that only the first classifier gets right.</param>
    /// <param name="onlySecond">Pairs that only the second gets right.</param>
    public static double PValue(int onlyFirst, int onlySecond)
    {
        var pairs = onlyFirst + onlySecond;
        var (term, tail) = (-pairs * Math.Log(2), 0.0); // ln of C(n, i)/2ⁿ, from i = 0
        for (var i = 0; i <= Math.Min(onlyFirst, onlySecond); i++)
        {
            tail += Math.Exp(term);
            term += Math.Log(pairs - i) - Math.Log(i + 1);
        }
        return Math.Min(1, 2 * tail);
    }
}
