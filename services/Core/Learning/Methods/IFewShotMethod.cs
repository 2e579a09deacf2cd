using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Evidence;

namespace TaskRes.Core.Learning.Methods;

/// <summary>A way to make a classifier of a few labelled examples on frozen features.</summary>
public interface IFewShotMethod
{
    /// <summary>As it is asked for: lower case, words joined by hyphens.</summary>
    string Name { get; }

    /// <summary>One line: what is learnt.</summary>
    string Summary { get; }

    /// <summary>What its authors use; a setting that the method has no use for is left as it is.</summary>
    TrainingSettings Defaults { get; }

    /// <summary>Among which γ is chosen where the weight of what is learnt is left open; 0, the base, is always among them.</summary>
    IReadOnlyList<double> Weights => WeightChoice.Usual;

    /// <summary>What it needs of the text tower.</summary>
    TextTowerNeeds TextTower => TextTowerNeeds.None;

    /// <summary>Why the method cannot be used on a task; null where it can.</summary>
    string? Needs(FewShotTask task) => null;

    /// <param name="task">The base and the examples.</param>
    /// <param name="settings">Of <see cref="Defaults"/>, changed at will.</param>
    /// <param name="progress">Told after each epoch; a method without epochs tells nothing.</param>
    /// <param name="cancellationToken">Ends the training between two steps.</param>
    /// <exception cref="TaskResException">InvalidField for a setting; MethodNotApplicable; FeaturesInvalid.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>What a method needs of the encoder's text tower.</summary>
public enum TextTowerNeeds
{
    None,

    /// <summary><see cref="FewShotTask.TextProjection"/>.</summary>
    Projection,

    /// <summary><see cref="FewShotTask.Prompts"/>.</summary>
    Prompts,
}

/// <param name="Classifier">The result.</param>
/// <param name="Losses">Cross-entropy of every step's batch, before the step; empty where nothing is stepped.</param>
public sealed record FittedMethod(FewShotClassifier Classifier, float[] Losses);
