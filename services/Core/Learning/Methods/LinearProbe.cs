using System.Numerics.Tensors;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Descent;

namespace TaskRes.Core.Learning.Methods;

/// <summary>
/// Class vectors that start at the base and are trained freely (ZS-LP), or held to the base by as much as the base is right
/// about each class's examples (CLAP: Silva-Rodríguez, Hajimiri, Ben Ayed, Dolz: "A Closer Look at the Few-Shot Adaptation of
/// Large Vision-Language Models", CVPR 2024): <c>+ mean_k λ_k‖w_k − t_k‖²</c>, λ_k being the mean zero-shot probability of the
/// true class on the support set.
/// </summary>
/// <param name="constrained">Whether the classes are held: CLAP.</param>
internal sealed class LinearProbe(bool constrained) : IFewShotMethod
{
    private const double Momentum = 0.9;

    // The step sizes are for class vectors as long as CLIP's text embeddings; a base of class means is ten times shorter.
    private const double UsualLength = 10;

    public string Name { get; } = constrained ? "clap" : "linear-probe";

    public string Summary => constrained ? "class vectors that are held to where the base is right" : "class vectors that start at the base";

    public TrainingSettings Defaults => new() { Method = Name, LearningRate = 0.1, Epochs = 300, WeightDecay = 0 };

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken)
    {
        var scale = UsualLength / Enumerable.Range(0, task.Base.Rows).Average(row => TensorPrimitives.Norm(task.Base.Row(row)));
        var objective = new PrototypeObjective(Dense.Scaled(task.Base, scale), constrained ? Confidence(task) : null, task.LogitScale);
        var epochs = settings.EpochsFor(task.Support.Shots);
        var descent = new BatchDescent(objective, new MomentumDescent(Momentum, settings.WeightDecay), (epoch, _, _) => LearningRateSchedule.At(epoch, epochs, settings));
        var losses = descent.Run(task.Support, settings, progress, cancellationToken);
        return new FittedMethod(FewShotClassifier.OfPrototypes(task.Base, Dense.Scaled(objective.Prototypes, 1 / scale), task.LogitScale), losses);
    }

    /// <summary>λ: for each class the mean zero-shot probability of it on its own examples; 1 for a class without any, which nothing else would hold.</summary>
    internal static float[] Confidence(FewShotTask task)
    {
        var (support, classes) = (task.Support, task.Support.Classes);
        var logits = FewShotClassifier.ZeroShot(task.Base, task.LogitScale).Logits(support.Views[0]);
        var (sums, counts) = (new double[classes], new int[classes]);
        var probabilities = new float[classes];
        for (var example = 0; example < support.Count; example++)
        {
            // The largest is taken off first: e^100 is beyond a float.
            TensorPrimitives.Subtract(logits.Row(example), TensorPrimitives.Max(logits.Row(example)), probabilities);
            TensorPrimitives.SoftMax<float>(probabilities, probabilities);
            sums[support.Labels[example]] += probabilities[support.Labels[example]];
            counts[support.Labels[example]]++;
        }
        return [.. sums.Zip(counts, (sum, count) => count == 0 ? 1 : (float)(sum / count))];
    }
}

/// <summary>The loss by the class vectors w, held to t by λ where it is given.</summary>
internal sealed class PrototypeObjective(Matrix baseClassifier, float[]? hold, double logitScale) : IObjective
{
    /// <summary>w, K×D.</summary>
    public Matrix Prototypes { get; } = new(baseClassifier.Rows, baseClassifier.Columns, [.. baseClassifier.Values]);

    public IReadOnlyList<Matrix> Parameters => [Prototypes];

    public LossGradient Differentiate(Batch batch)
    {
        var loss = CosineLoss.Of(batch.Directions, Prototypes, logitScale, batch.Labels);
        var gradient = loss.ByClasses();
        return new LossGradient(loss.Loss + (hold is null ? 0 : Hold(hold, gradient)), loss.Accuracy, [gradient]);
    }

    private double Hold(float[] strengths, Matrix gradient)
    {
        var (penalty, away) = (0.0, Dense.Difference(Prototypes, baseClassifier));
        for (var row = 0; row < away.Rows; row++)
        {
            penalty += strengths[row] * TensorPrimitives.Dot(away.Row(row), away.Row(row));
            var target = gradient.Values.AsSpan(row * gradient.Columns, gradient.Columns);
            TensorPrimitives.MultiplyAdd(away.Row(row), 2 * strengths[row] / away.Rows, target, target);
        }
        return penalty / away.Rows;
    }
}
