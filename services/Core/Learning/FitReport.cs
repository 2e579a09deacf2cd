namespace TaskRes.Core.Learning;

/// <summary>What a fit came to; accuracies in percent.</summary>
/// <param name="BaseAccuracy">Of the base classifier, on the test set; on the training set where there is no test set.</param>
/// <param name="Accuracy">Of base and residual on the test set; null where there is none.</param>
/// <param name="Seconds">From the features in memory to the trained residual.</param>
/// <param name="Alpha">α.</param>
/// <param name="Verdict">One of <see cref="FitVerdict"/>'s.</param>
public sealed record FitReport(double BaseAccuracy, double? Accuracy, double Seconds, double Alpha, string Verdict);

/// <summary>
/// Whether the residual differs from the base on the paired test predictions (McNemar's exact test, two-sided, 5 %).
/// It reports and never selects: what is served must be chosen on other data than what it is judged by.
/// </summary>
public static class FitVerdict
{
    public const string Improves = "improves";
    public const string Harms = "harms";
    public const string NoEvidence = "no evidence";

    /// <summary>No test set, or too few pairs on which the two differ for any outcome to be significant.</summary>
    public const string InsufficientEvidence = "insufficient evidence";

    internal static string Of(bool[] baseCorrect, bool[] residualCorrect)
    {
        var pairs = baseCorrect.Zip(residualCorrect).ToList();
        var onlyBase = pairs.Count(pair => pair is (true, false));
        var onlyResidual = pairs.Count(pair => pair is (false, true));
        if (onlyBase + onlyResidual < McNemarTest.FewestPairs) return InsufficientEvidence;
        if (McNemarTest.PValue(onlyBase, onlyResidual) >= McNemarTest.Significance) return NoEvidence;
        return onlyResidual > onlyBase ? Improves : Harms;
    }
}
