using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning.Evidence;

/// <summary>
/// Chooses among methods, each at its best weight, by the same held-out examples. TaskRes is taken unless another is better
/// than it beyond doubt: choosing the luckiest of several is how a choice does harm.
/// </summary>
internal static class MethodChoice
{
    private const double Confidence = 0.998;

    // What is light and was the best of all somewhere; the others cost more, or are beaten by one of these.
    private static readonly string[] s_rivals = ["taskres-enhanced", "clap", "gda"];

    public static HeldOutChoice Make(FewShotTask task, TrainingSettings settings, CancellationToken cancellationToken)
    {
        var choice = Choose(task, TrainingSettings.TaskRes, settings, cancellationToken);
        foreach (var rival in s_rivals)
        {
            if (choice.HeldOut is null || FewShotMethods.Find(rival).Needs(task) is not null) continue;
            var other = Choose(task, rival, settings, cancellationToken);
            if (IsBetter(other, choice, settings.Seed)) choice = other;
        }
        return choice;
    }

    private static HeldOutChoice Choose(FewShotTask task, string name, TrainingSettings settings, CancellationToken cancellationToken)
    {
        var method = FewShotMethods.Find(name);
        return WeightChoice.Make(task, method, method.Defaults with { Seed = settings.Seed, Folds = settings.Folds }, cancellationToken);
    }

    // By the images that only one of the two gets right; by the loss, which sees more, only where it leaves hardly any doubt.
    private static bool IsBetter(HeldOutChoice choice, HeldOutChoice than, ulong seed)
    {
        if (choice is not { Weight: > 0, HeldOut.After: { } losses } || than.HeldOut?.After is not { } others) return false;
        var pairs = losses.Correct.Zip(others.Correct).ToList();
        var (won, lost) = (pairs.Count(pair => pair is (true, false)), pairs.Count(pair => pair is (false, true)));
        if (won > lost && McNemarTest.PValue(lost, won) < McNemarTest.Significance) return true;
        return won >= lost && PairedBootstrap.Mean([.. others.Values.Zip(losses.Values, (theirs, own) => theirs - own)], Confidence, seed).Low > 0;
    }
}
