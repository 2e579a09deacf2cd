using System.Numerics.Tensors;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Descent;
using TaskRes.Core.Learning.Difficulty;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning;

/// <param name="Classifier">What is to be served.</param>
/// <param name="Method">That made it; the chosen one, where it was left open.</param>
/// <param name="Losses">Cross-entropy of every step's batch, before the step; empty where nothing is stepped.</param>
/// <param name="Evidence">What held-out examples say.</param>
public sealed record TrainedClassifier(FewShotClassifier Classifier, string Method, float[] Losses, HeldOutEvidence Evidence)
{
    internal HeldOutPredictions? HeldOut { get; init; }

    /// <summary>How hard the task was, and for which of its classes.</summary>
    public DifficultyReport Difficulty(FewShotTask task) => DifficultyAnalysis.Of(task, Classifier, HeldOut);

    /// <summary>Accuracies on the support set itself, and the last step's loss; where nothing is stepped, the support set's.</summary>
    public Measurements Measure(FewShotTask task)
    {
        var (features, labels) = (task.Support.Views[0], task.Support.Labels);
        var logits = Classifier.Logits(features);
        var accuracy = labels.Where((label, row) => TensorPrimitives.IndexOfMax(logits.Row(row)) == label).Count() / (double)labels.Length;
        var zeroShot = FewShotClassifier.ZeroShot(task.Base, task.LogitScale).Correct(features, labels).Count(right => right) / (double)labels.Length;
        return new Measurements(accuracy, zeroShot, Losses.Length > 0 ? Losses[^1] : SoftmaxLoss.Differentiate(logits, labels));
    }
}

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
        return new TrainedClassifier(classifier, choice.Method.Name, fitted.Losses, choice.Evidence) { HeldOut = choice.HeldOut };
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
