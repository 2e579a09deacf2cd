using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Descent;

namespace TaskRes.Core.Learning.Methods;

/// <summary>
/// TaskRes*, on an enhanced base (paper, section 3.3): the text projection P alone is tuned on the support set for 50 epochs,
/// the base is made anew with it and frozen, and TaskRes follows. The paper's code for the first part is not released: it is
/// done here with TaskRes's own optimiser and schedule.
/// </summary>
internal sealed class EnhancedTaskResidual : IFewShotMethod
{
    private const int BaseEpochs = 50;

    public string Name => "taskres-enhanced";

    public string Summary => "the text projection, then a residual of each class vector";

    public TrainingSettings Defaults { get; } = new() { Method = "taskres-enhanced" };

    public TextTowerNeeds TextTower => TextTowerNeeds.Projection;

    public string? Needs(FewShotTask task) => task.TextProjection switch
    {
        null => "the text projection of the encoder, which is not at hand",
        { } projection when projection.Rows > projection.Columns => $"a text projection with no more rows than columns, and the encoder's is {projection.Rows} × {projection.Columns}",
        _ => null,
    };

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken)
    {
        if (Needs(task) is not null || task.TextProjection is not { } projection) throw FewShotMethodErrors.NotApplicable(this, task);
        var objective = new ProjectionObjective(task.Base, projection, task.LogitScale);
        var stage = settings with { Epochs = BaseEpochs };
        var descent = new BatchDescent(objective, new AdamDescent(settings.WeightDecay), (epoch, _, _) => LearningRateSchedule.At(epoch, BaseEpochs, stage));
        descent.Run(task.Support, stage, progress: null, cancellationToken);
        var fitted = new TaskResidual().Fit(task.WithBase(objective.Classes), settings, progress, cancellationToken);
        // All that was learnt is kept beside the base as it came: what counts for nothing must be the base, not a tuned one.
        var (tuned, x, alpha) = (fitted.Classifier.Base, fitted.Classifier.Residual, fitted.Classifier.Alpha);
        return fitted with { Classifier = FewShotClassifier.OfPrototypes(task.Base, Dense.Sum(tuned, x, alpha), task.LogitScale) };
    }
}

/// <summary>
/// Class vectors <c>w = h·P</c> with P alone learnt. h, what the projection is given, is recovered from the class vectors that
/// the original P made of it: <c>h = t·Pᵀ(PPᵀ)⁻¹</c>, exact where P has full row rank.
/// </summary>
internal sealed class ProjectionObjective : IObjective
{
    private readonly Matrix _hidden;
    private readonly Matrix _hiddenTransposed;
    private readonly Matrix _projection;
    private readonly double _logitScale;

    /// <param name="baseClassifier">t, K×D.</param>
    /// <param name="projection">P, C×D.</param>
    /// <param name="logitScale">s.</param>
    public ProjectionObjective(Matrix baseClassifier, Matrix projection, double logitScale)
    {
        projection.EnsureColumns(baseClassifier.Columns, "text_projection");
        _projection = new Matrix(projection.Rows, projection.Columns, [.. projection.Values]);
        _hidden = PositiveDefinite.FactorProducts(projection, "text_projection").Solve(Dense.RowProducts(baseClassifier, projection));
        _hiddenTransposed = Dense.Transposed(_hidden);
        _logitScale = logitScale;
    }

    public IReadOnlyList<Matrix> Parameters => [_projection];

    /// <summary>w, K×D.</summary>
    public Matrix Classes => Dense.WeightedSums(_hiddenTransposed, _projection);

    public LossGradient Differentiate(Batch batch)
    {
        var loss = CosineLoss.Of(batch.Directions, Classes, _logitScale, batch.Labels);
        return new LossGradient(loss.Loss, [Dense.WeightedSums(_hidden, loss.ByClasses())]);
    }
}
