using System.Numerics.Tensors;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Descent;

namespace TaskRes.Core.Learning.Methods;

/// <summary>TaskRes whose α is learnt with x (paper, section 4.3); it starts at the setting's.</summary>
internal sealed class LearnableAlphaTaskResidual : IFewShotMethod
{
    public string Name => "taskres-learnable-alpha";

    public string Summary => "a residual of each class vector, and its weight";

    public TrainingSettings Defaults { get; } = new() { Method = "taskres-learnable-alpha" };

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken)
    {
        var objective = new LearnableAlphaObjective(task.Base, settings.Alpha, task.LogitScale);
        var epochs = settings.EpochsFor(task.Support.Shots);
        var descent = new BatchDescent(objective, new AdamDescent(settings.WeightDecay), (epoch, _, _) => LearningRateSchedule.At(epoch, epochs, settings));
        var losses = descent.Run(task.Support, settings, progress, cancellationToken);
        // A residual weighed below zero is the opposite one weighed above.
        var sign = Math.Sign(objective.Alpha) < 0 ? -1 : 1;
        var classifier = FewShotClassifier.ZeroShot(task.Base, task.LogitScale) with { Residual = Dense.Scaled(objective.Residual, sign), Alpha = sign * objective.Alpha };
        return new FittedMethod(classifier, losses);
    }
}

/// <summary>TaskRes's loss by x and α.</summary>
internal sealed class LearnableAlphaObjective(Matrix baseClassifier, double alpha, double logitScale) : IObjective
{
    private readonly Matrix _alpha = new(1, 1, [(float)alpha]);

    /// <summary>x, K×D.</summary>
    public Matrix Residual { get; } = Matrix.Zeros(baseClassifier.Rows, baseClassifier.Columns);

    public double Alpha => _alpha.Values[0];

    public IReadOnlyList<Matrix> Parameters => [Residual, _alpha];

    public LossGradient Differentiate(Batch batch)
    {
        var loss = CosineLoss.Of(batch.Directions, Dense.Sum(baseClassifier, Residual, Alpha), logitScale, batch.Labels);
        var byClasses = loss.ByClasses();
        var byAlpha = TensorPrimitives.Dot<float>(byClasses.Values, Residual.Values);
        return new LossGradient(loss.Loss, loss.Accuracy, [Dense.Scaled(byClasses, Alpha), new Matrix(1, 1, [byAlpha])]);
    }
}
