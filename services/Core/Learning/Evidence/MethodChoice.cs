using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning.Evidence;

/// <summary>
/// Chooses among methods, each at its best weight, by the same held-out examples. TaskRes is taken unless another is better
/// than it beyond doubt: choosing the luckiest of several is how a choice does harm.
/// </summary>
internal static class MethodChoice
{
    private const double Confidence = 0.98;

    // What is light and was the best of all somewhere; the others cost more, or are beaten by one of these.
    private static readonly string[] s_rivals = ["taskres-enhanced", "clap", "gda"];

    public static HeldOutChoice Make(FewShotTask task, TrainingSettings settings, CancellationToken cancellationToken)
    {
        var choice = Choose(task, TrainingSettings.TaskRes, settings, cancellationToken);
        foreach (var rival in s_rivals)
        {
            if (choice.Losses is null || FewShotMethods.Find(rival).Needs(task) is not null) continue;
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

    private static bool IsBetter(HeldOutChoice choice, HeldOutChoice than, ulong seed) =>
        choice is { Weight: > 0, Losses: { } losses } && than.Losses is { } others
        && PairedBootstrap.Mean([.. others.Zip(losses, (theirs, own) => theirs - own)], Confidence, seed).Low > 0;
}
