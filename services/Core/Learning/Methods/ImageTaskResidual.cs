using System.Numerics.Tensors;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Descent;

namespace TaskRes.Core.Learning.Methods;

/// <summary>TaskRes-Image (paper, section 4.3): one residual that all images share, alone or beside that of the classes.</summary>
/// <param name="withText">Whether the classes have theirs too.</param>
internal sealed class ImageTaskResidual(bool withText) : IFewShotMethod
{
    public string Name { get; } = withText ? "taskres-both" : "taskres-image";

    public string Summary => withText ? "a residual of each class vector and one of all images" : "one residual of all images";

    public TrainingSettings Defaults => new() { Method = Name };

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken)
    {
        var objective = new ImageResidualObjective(task.Base, settings.Alpha, task.LogitScale, withText);
        var epochs = settings.EpochsFor(task.Support.Shots);
        var descent = new BatchDescent(objective, new AdamDescent(settings.WeightDecay), (epoch, _, _) => LearningRateSchedule.At(epoch, epochs, settings));
        var losses = descent.Run(task.Support, settings, progress, cancellationToken);
        var classifier = FewShotClassifier.ZeroShot(task.Base, task.LogitScale) with
        {
            Residual = objective.TextResidual,
            Alpha = withText ? settings.Alpha : 0,
            Image = new ImageResidual(objective.Residual, settings.Alpha),
        };
        return new FittedMethod(classifier, losses);
    }
}

/// <summary>The loss of images <c>z + α·x</c>, by x and, where it is learnt, the classes' residual.</summary>
internal sealed class ImageResidualObjective(Matrix baseClassifier, double alpha, double logitScale, bool withText) : IObjective
{
    /// <summary>x, 1×D.</summary>
    public Matrix Residual { get; } = Matrix.Zeros(1, baseClassifier.Columns);

    /// <summary>Of the classes, K×D.</summary>
    public Matrix TextResidual { get; } = Matrix.Zeros(baseClassifier.Rows, baseClassifier.Columns);

    public IReadOnlyList<Matrix> Parameters => withText ? [Residual, TextResidual] : [Residual];

    public LossGradient Differentiate(Batch batch)
    {
        var loss = CosineLoss.Of(UnitRows.Of(Changed(batch)), Dense.Sum(baseClassifier, TextResidual, alpha), logitScale, batch.Labels);
        var byResidual = Dense.Scale(Dense.RowSum(loss.ByImages()), alpha);
        return new LossGradient(loss.Loss, loss.Accuracy, withText ? [byResidual, Dense.Scale(loss.ByClasses(), alpha)] : [byResidual]);
    }

    private Matrix Changed(Batch batch)
    {
        var changed = Matrix.Zeros(batch.Features.Rows, batch.Features.Columns);
        var residual = Dense.Scaled(Residual, alpha).Values;
        for (var row = 0; row < changed.Rows; row++)
            TensorPrimitives.MultiplyAdd(batch.Features.Row(row), batch.Lengths[row], residual, changed.Values.AsSpan(row * changed.Columns, changed.Columns));
        return changed;
    }
}
