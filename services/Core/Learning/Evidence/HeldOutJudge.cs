namespace TaskRes.Core.Learning.Evidence;

/// <summary>Compares what was learnt with the base on examples held out.</summary>
internal static class HeldOutJudge
{
    /// <summary>Of the interval of the loss saved, two-sided.</summary>
    public const double Confidence = 0.95;

    // One-sided, 1 %.
    private const double ChanceDeviations = 2.33;

    /// <param name="before">The base's losses.</param>
    /// <param name="after">Of the same examples, by what was learnt.</param>
    /// <param name="folds">How many parts they were held out in.</param>
    /// <param name="seed">Fixes the resamples.</param>
    public static HeldOutEvidence Judge(CalibratedLosses before, CalibratedLosses after, int folds, ulong seed)
    {
        var saved = before.Values.Zip(after.Values, (b, a) => b - a).ToArray();
        var gain = PairedBootstrap.Mean(saved, Confidence, seed);
        return new HeldOutEvidence(VerdictOf(gain, after), folds, saved.Length, before.Accuracy, after.Accuracy, before.Mean, after.Mean, gain.Low, gain.High);
    }

    private static Verdict VerdictOf(Interval gain, CalibratedLosses after) => gain switch
    {
        { Low: > 0 } when IsAboveChance(after) => Verdict.Improves,
        { High: < 0 } => Verdict.Harms,
        _ => Verdict.NoEvidence,
    };

    // Where labels mean nothing there is still something to learn, how often each is used, and it does not help.
    private static bool IsAboveChance(CalibratedLosses losses)
    {
        var chance = 1.0 / losses.Classes;
        return losses.Accuracy - chance > ChanceDeviations * Math.Sqrt(chance * (1 - chance) / losses.Values.Length);
    }
}
