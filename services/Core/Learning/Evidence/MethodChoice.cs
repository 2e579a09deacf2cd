using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning.Evidence;

/// <summary>Chooses among the methods that can be used on a task, each at its best weight, by the loss of held-out examples.</summary>
internal static class MethodChoice
{
    // Heavy, or never better than what is among them.
    private static readonly string[] s_leftOut = [Revision.ZeroShotMethod, "coop", "taskres-image"];

    public static HeldOutChoice Make(FewShotTask task, TrainingSettings settings, CancellationToken cancellationToken)
    {
        var choices = FewShotMethods.All
            .Where(method => !s_leftOut.Contains(method.Name) && method.Needs(task) is null)
            .Select(method => WeightChoice.Make(task, method, method.Defaults with { Seed = settings.Seed, Folds = settings.Folds }, cancellationToken))
            .ToList();
        return choices.Where(choice => choice.Weight > 0).MinBy(choice => choice.Evidence.Loss)
            ?? choices[0];
    }
}
