using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning.Evidence;

/// <summary>What held-out examples speak for.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Settings">To train it with.</param>
/// <param name="Weight">γ: what is learnt is to count so much; 0 is the base.</param>
/// <param name="Evidence">For this method at this weight.</param>
internal sealed record HeldOutChoice(string Method, TrainingSettings Settings, double Weight, HeldOutEvidence Evidence);

/// <summary>
/// Chooses γ of <c>t + γαx</c> by the loss of examples that were held out: residuals are trained on folds once, and only their
/// weight varies. 0 is among the choices, and is what is taken unless the examples speak for another.
/// </summary>
internal static class WeightChoice
{
    /// <summary>The folds where the settings leave their number open.</summary>
    public const int UsualFolds = 4;

    private static readonly double[] s_weights = [.. Enumerable.Range(1, 15).Select(tenth => tenth / 5.0)];

    public static HeldOutChoice Make(FewShotTask task, IFewShotMethod method, TrainingSettings settings, CancellationToken cancellationToken)
    {
        if (Scores(task, method, settings, cancellationToken) is not { } scores) return new HeldOutChoice(method.Name, settings, 0, HeldOutEvidence.None);
        var before = CalibratedLosses.Of(scores.Logits(0), scores.Labels);
        var (weight, after) = s_weights.Select(weight => (Weight: weight, Losses: CalibratedLosses.Of(scores.Logits(weight), scores.Labels))).MinBy(choice => choice.Losses.Mean);
        var evidence = HeldOutJudge.Judge(before, after, scores.Folds, settings.Seed);
        return new HeldOutChoice(method.Name, settings, evidence.Verdict == FitVerdict.Improves ? weight : 0, evidence);
    }

    /// <summary>The verdict on the method as it is, nothing chosen.</summary>
    public static HeldOutChoice Judge(FewShotTask task, IFewShotMethod method, TrainingSettings settings, CancellationToken cancellationToken) => new(
        method.Name,
        settings,
        1,
        Scores(task, method, settings, cancellationToken) is { } scores ? HeldOutJudge.Judge(scores, 1, settings.Seed) : HeldOutEvidence.None);

    private static HeldOutScores? Scores(FewShotTask task, IFewShotMethod method, TrainingSettings settings, CancellationToken cancellationToken)
    {
        var folds = Folds.Of(task.Support, settings.Folds == 0 ? UsualFolds : settings.Folds, settings.Seed);
        return HeldOutScores.Of(task, method, settings, folds, cancellationToken);
    }
}
