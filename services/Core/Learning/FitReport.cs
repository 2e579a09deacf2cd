using TaskRes.Core.Learning.Evidence;

namespace TaskRes.Core.Learning;

/// <summary>What a fit came to; accuracies in percent.</summary>
/// <param name="BaseAccuracy">Of the base classifier, on the test set; on the training set where there is no test set.</param>
/// <param name="Accuracy">Of base and residual on the test set; null where there is none.</param>
/// <param name="Seconds">From the features in memory to the trained residual.</param>
/// <param name="Method">What was trained; that which was chosen, where it was left open.</param>
/// <param name="Alpha">α.</param>
/// <param name="Verdict">One of <see cref="FitVerdict"/>'s, on the test set.</param>
/// <param name="Evidence">What held-out training examples say.</param>
public sealed record FitReport(double BaseAccuracy, double? Accuracy, double Seconds, string Method, double Alpha, string Verdict, HeldOutEvidence Evidence);

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
