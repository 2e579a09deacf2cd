using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning.Evidence;

/// <summary>What held-out examples speak for.</summary>
/// <param name="Method">The method.</param>
/// <param name="Settings">To train it with.</param>
/// <param name="Weight">γ: what is learnt is to count so much; 0 is the base. Null where nothing could be held out.</param>
/// <param name="Evidence">For this method at this weight.</param>
internal sealed record HeldOutChoice(IFewShotMethod Method, TrainingSettings Settings, double? Weight, HeldOutEvidence Evidence)
{
    /// <summary>What the held-out examples were taken for, at this weight; null where there were none.</summary>
    public HeldOutPredictions? HeldOut { get; init; }
}

/// <summary>
/// Chooses γ of <c>t + γαx</c> by the loss of examples that were held out: the folds are trained on once, and only the weight of
/// what they taught varies. What is taken is that whose gain over the base is the largest at the lower end of its interval, and
/// the base where none is above zero there.
/// </summary>
internal static class WeightChoice
{
    /// <summary>The folds where the settings leave their number open.</summary>
    public const int UsualFolds = 4;

    /// <summary>Times the usual α of 0.5: from 0.1 to 1.5.</summary>
    public static IReadOnlyList<double> Usual { get; } = [.. Enumerable.Range(1, 15).Select(tenth => tenth / 5.0)];

    public static HeldOutChoice Make(FewShotTask task, IFewShotMethod method, TrainingSettings settings, CancellationToken cancellationToken)
    {
        if (Scores(task, method, settings, cancellationToken) is not { } scores) return new HeldOutChoice(method, settings, null, HeldOutEvidence.None);
        var before = scores.Losses(0);
        var (weight, after, evidence) = method.Weights
            .Select(weight => (Weight: weight, Losses: scores.Losses(weight)))
            .Select(choice => (choice.Weight, choice.Losses, Evidence: HeldOutJudge.Judge(before, choice.Losses, scores.Folds, settings.Seed)))
            .MaxBy(choice => choice.Evidence.GainLow);
        var improves = evidence.Verdict == Verdict.Improves;
        return new HeldOutChoice(method, settings, improves ? weight : 0, evidence) { HeldOut = scores.Predictions(before, improves ? after : before) };
    }

    /// <summary>The verdict on the method as it is, nothing chosen.</summary>
    public static HeldOutChoice Judge(FewShotTask task, IFewShotMethod method, TrainingSettings settings, CancellationToken cancellationToken)
    {
        var scores = Scores(task, method, settings, cancellationToken);
        if (scores is null) return new HeldOutChoice(method, settings, 1, HeldOutEvidence.None);
        var (before, after) = (scores.Losses(0), scores.Losses(1));
        return new HeldOutChoice(method, settings, 1, HeldOutJudge.Judge(before, after, scores.Folds, settings.Seed)) { HeldOut = scores.Predictions(before, after) };
    }

    private static HeldOutScores? Scores(FewShotTask task, IFewShotMethod method, TrainingSettings settings, CancellationToken cancellationToken)
    {
        var folds = Folds.Of(task.Support, settings.Folds == 0 ? UsualFolds : settings.Folds, settings.Seed);
        return HeldOutScores.Of(task, method, settings, folds, cancellationToken);
    }
}
