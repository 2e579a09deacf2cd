namespace TaskRes.Core.Learning;

/// <summary>
/// Whether the residual differs from the base on the paired test predictions (McNemar's exact test, two-sided, 5 %).
/// It reports and never selects: what is served must be chosen on other data than what it is judged by.
/// </summary>
internal static class TestVerdict
{
    /// <returns>InsufficientEvidence with too few pairs on which the two differ for any outcome to be significant.</returns>
    public static Verdict Of(bool[] baseCorrect, bool[] residualCorrect)
    {
        var pairs = baseCorrect.Zip(residualCorrect).ToList();
        var onlyBase = pairs.Count(pair => pair is (true, false));
        var onlyResidual = pairs.Count(pair => pair is (false, true));
        if (onlyBase + onlyResidual < McNemarTest.FewestPairs) return Verdict.InsufficientEvidence;
        if (McNemarTest.PValue(onlyBase, onlyResidual) >= McNemarTest.Significance) return Verdict.NoEvidence;
        return onlyResidual > onlyBase ? Verdict.Improves : Verdict.Harms;
    }
}
