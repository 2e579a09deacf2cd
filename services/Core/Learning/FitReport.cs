using TaskRes.Core.Learning.Evidence;

namespace TaskRes.Core.Learning;

/// <summary>What a fit came to; accuracies in percent.</summary>
/// <param name="BaseAccuracy">Of the base classifier, on the test set; on the training set where there is no test set.</param>
/// <param name="Accuracy">Of base and residual on the test set; null where there is none.</param>
/// <param name="Seconds">From the features in memory to the trained residual.</param>
/// <param name="Alpha">α.</param>
/// <param name="Verdict">On the test set.</param>
/// <param name="Method">What was trained; that which was chosen, where it was left open.</param>
/// <param name="Evidence">What held-out training examples say.</param>
public sealed record FitReport(double BaseAccuracy, double? Accuracy, double Seconds, double Alpha, Verdict Verdict, string Method, HeldOutEvidence Evidence);
