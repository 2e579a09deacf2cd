using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Descent;

namespace TaskRes.Core.Learning.Methods;

/// <summary>Tip-Adapter whose keys are trained: AdamW, half a cosine over all steps.</summary>
internal sealed class TipAdapterF : IFewShotMethod
{
    private const double Epsilon = 1e-4;

    public string Name => "tip-adapter-f";

    public string Summary => "a cache of the examples, its keys trained";

    public TrainingSettings Defaults { get; } = new() { Method = "tip-adapter-f", Alpha = 1, LearningRate = 1e-3, Epochs = 20, WeightDecay = 0.01 };

    public IReadOnlyList<double> Weights { get; } = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20];

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken)
    {
        var objective = new KeysObjective(task, TipAdapter.Keys(task.Support), settings.Alpha);
        var descent = new BatchDescent(
            objective,
            new AdamDescent(settings.WeightDecay, Epsilon, decoupled: true),
            (_, step, steps) => 0.5 * settings.LearningRate * (1 + Math.Cos(Math.PI * step / steps)));
        var losses = descent.Run(task.Support, settings, progress, cancellationToken);
        return new FittedMethod(TipAdapter.Classifier(task, objective.Keys, settings), losses);
    }
}

/// <summary>Tip-Adapter's loss by its keys f: <c>logits = s·ẑ·t̂ᵀ + α · exp(−β(1 − ẑ·fᵀ)) · L</c>.</summary>
internal sealed class KeysObjective(FewShotTask task, Matrix keys, double alpha) : IObjective
{
    private readonly Matrix _directions = task.Base.Normalized("base");

    /// <summary>f, N×D.</summary>
    public Matrix Keys { get; } = keys;

    public IReadOnlyList<Matrix> Parameters => [Keys];

    public LossGradient Differentiate(Batch batch)
    {
        var logits = Dense.Scale(Dense.RowProducts(batch.Features, _directions), task.LogitScale);
        var affinities = Dense.RowProducts(batch.Features, Keys);
        CacheLogits.Affinities(affinities.Values, alpha, TipAdapter.UsualBeta);
        var labels = task.Support.Labels;
        for (var row = 0; row < affinities.Rows; row++)
        {
            var of = affinities.Row(row);
            var to = logits.Values.AsSpan(row * logits.Columns, logits.Columns);
            for (var key = 0; key < labels.Length; key++) to[labels[key]] += of[key];
        }

        var loss = SoftmaxLoss.Differentiate(logits, batch.Labels);
        for (var row = 0; row < affinities.Rows; row++)
        {
            var of = affinities.Values.AsSpan(row * labels.Length, labels.Length);
            var to = logits.Row(row);
            for (var key = 0; key < labels.Length; key++) of[key] *= to[labels[key]];
        }
        Dense.Scale(affinities, TipAdapter.UsualBeta);
        return new LossGradient(loss.Mean, loss.Accuracy, [Dense.WeightedSums(affinities, batch.Features)]);
    }
}
