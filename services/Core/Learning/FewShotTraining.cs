using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning;

/// <param name="Classifier">What is to be served.</param>
/// <param name="Method">That made it; the chosen one, where it was left open.</param>
/// <param name="Losses">Cross-entropy of every step's batch, before the step; empty where nothing is stepped.</param>
/// <param name="Evidence">What held-out examples say.</param>
public sealed record TrainedClassifier(FewShotClassifier Classifier, string Method, float[] Losses, HeldOutEvidence Evidence);

/// <summary>A training as it is asked for: a method or the best of them, a given weight or the best, and the verdict.</summary>
public static class FewShotTraining
{
    /// <exception cref="TaskResException">InvalidField for a setting; MethodNotApplicable; FeaturesInvalid.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static TrainedClassifier Run(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        settings.Validate();
        var choice = Choice(task, settings, cancellationToken);
        if (choice.Method.Needs(task) is not null) throw FewShotMethodErrors.NotApplicable(choice.Method, task);
        var fitted = choice.Method.Fit(task, choice.Settings, progress, cancellationToken);
        var classifier = choice.Weight is { } weight ? fitted.Classifier.Weighted(weight) : ClassShrinkage.Apply(task, fitted.Classifier);
        return new TrainedClassifier(classifier, choice.Method.Name, fitted.Losses, choice.Evidence);
    }

    // Before the training proper, on folds of the same examples.
    private static HeldOutChoice Choice(FewShotTask task, TrainingSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Method == FewShotMethods.Auto) return MethodChoice.Make(task, settings, cancellationToken);
        var method = FewShotMethods.Find(settings.Method);
        if (settings.ChooseAlpha) return WeightChoice.Make(task, method, settings, cancellationToken);
        return settings.Folds > 0 ? WeightChoice.Judge(task, method, settings, cancellationToken) : new HeldOutChoice(method, settings, 1, HeldOutEvidence.None);
    }
}
