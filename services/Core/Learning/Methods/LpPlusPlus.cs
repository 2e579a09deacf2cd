using System.Numerics.Tensors;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Descent;

namespace TaskRes.Core.Learning.Methods;

/// <summary>
/// LP++ (Huang, Shakeri, Dolz, Boudiaf, Bahig, Ben Ayed: "LP++: A Surprisingly Strong Linear Probe for Few-Shot CLIP", CVPR
/// 2024): <c>logits_k = f·w_k + b_k + a_k·f·t̂_k</c>, by full-batch gradient descent whose step sizes follow from Lipschitz
/// constants. w starts at the sum of the class's features, a at the logit scale, so that the base is where it begins.
/// </summary>
internal sealed class LpPlusPlus : IFewShotMethod
{
    private const int PowerIterations = 200;

    public string Name => "lp++";

    public string Summary => "a linear classifier beside the base, and each class's blend of the two";

    public TrainingSettings Defaults { get; } = new() { Method = "lp++", Epochs = 300, WeightDecay = 0 };

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken)
    {
        var support = task.Support;
        var all = support.Batch([.. Enumerable.Range(0, support.Count).Select(example => (long)example)]);
        var objective = new BlendObjective(task.Base, task.LogitScale, ClassSums(all, support.Classes));
        var epochs = settings.EpochsFor(support.Shots);
        var (weightRate, blendRate) = (4 * support.Count / LargestEigenvalue(all.Features), support.Count / (4 * LargestClassEnergy(all.Features, objective.BaseDirections)));
        var losses = new float[epochs];
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = objective.Differentiate(all);
            losses[epoch] = (float)step.Loss;
            double[] rates = [weightRate, weightRate, blendRate];
            for (var index = 0; index < rates.Length; index++)
            {
                var values = objective.Parameters[index].Values;
                TensorPrimitives.MultiplyAdd(step.Gradients[index].Values, (float)-rates[index], values, values);
            }
            progress?.Report(new EpochProgress(epoch + 1, epochs, step.Loss, weightRate, step.Accuracy));
        }

        foreach (var parameter in objective.Parameters) parameter.EnsureFinite("the trained classifier");
        return new FittedMethod(objective.Classifier(task.Base), losses);
    }

    private static Matrix ClassSums(Batch batch, int classes)
    {
        var sums = Matrix.Zeros(classes, batch.Features.Columns);
        for (var example = 0; example < batch.Labels.Length; example++)
        {
            var sum = sums.Values.AsSpan(batch.Labels[example] * sums.Columns, sums.Columns);
            TensorPrimitives.Add(sum, batch.Features.Row(example), sum);
        }
        return sums;
    }

    // Of FᵀF, by power iteration from a random start; from below, so that a little is added.
    private static double LargestEigenvalue(Matrix features)
    {
        const double margin = 1.01;
        var gram = Dense.WeightedSums(features, features);
        var random = new SeededRandom(1);
        float[] vector = [.. Enumerable.Range(0, gram.Rows).Select(_ => (float)random.Normal())];
        var next = new float[vector.Length];
        for (var iteration = 0; iteration < PowerIterations; iteration++)
        {
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
            MatrixVector.Multiply(gram, vector, next);
            (vector, next) = (next, vector);
        }
        return margin * TensorPrimitives.Norm<float>(vector);
    }

    private static double LargestClassEnergy(Matrix features, Matrix directions)
    {
        var cosines = Dense.RowProducts(directions, features);
        return Enumerable.Range(0, cosines.Rows).Max(row => (double)TensorPrimitives.Dot(cosines.Row(row), cosines.Row(row)));
    }
}

/// <summary>LP++'s loss by w, b and a.</summary>
internal sealed class BlendObjective : IObjective
{
    private readonly double _logitScale;
    private readonly Matrix _weights;
    private readonly Matrix _bias;
    private readonly Matrix _blend;
    private (Matrix? Of, Matrix Values) _cosines = (null, Matrix.Zeros(0, 1));

    /// <param name="baseClassifier">t, K×D.</param>
    /// <param name="logitScale">Where a starts.</param>
    /// <param name="weights">Where w starts, K×D; kept, and changed.</param>
    public BlendObjective(Matrix baseClassifier, double logitScale, Matrix weights)
    {
        BaseDirections = baseClassifier.Normalized("base");
        (_logitScale, _weights) = (logitScale, weights);
        _bias = Matrix.Zeros(1, baseClassifier.Rows);
        _blend = new Matrix(1, baseClassifier.Rows, [.. Enumerable.Repeat((float)logitScale, baseClassifier.Rows)]);
    }

    /// <summary>t̂, K×D.</summary>
    public Matrix BaseDirections { get; }

    public IReadOnlyList<Matrix> Parameters => [_weights, _bias, _blend];

    public LossGradient Differentiate(Batch batch)
    {
        // All steps are of the same examples, and the base stays.
        if (_cosines.Of != batch.Features) _cosines = (batch.Features, Dense.RowProducts(batch.Features, BaseDirections));
        var cosines = _cosines.Values;
        var logits = Dense.RowProducts(batch.Features, _weights);
        for (var row = 0; row < logits.Rows; row++)
        {
            var target = logits.Values.AsSpan(row * logits.Columns, logits.Columns);
            TensorPrimitives.Add(target, _bias.Values, target);
            TensorPrimitives.MultiplyAdd(cosines.Row(row), _blend.Values, target, target);
        }

        var loss = SoftmaxLoss.Differentiate(logits, batch.Labels);
        var byBlend = Matrix.Zeros(1, logits.Columns);
        for (var row = 0; row < logits.Rows; row++) TensorPrimitives.MultiplyAdd(cosines.Row(row), logits.Row(row), byBlend.Values, byBlend.Values);
        return new LossGradient(loss.Mean, loss.Accuracy, [Dense.WeightedSums(logits, batch.Features), Dense.RowSum(logits), byBlend]);
    }

    /// <summary>The blend as the base's own logits and what goes beside them: <c>w_k + (a_k − s)·t̂_k</c>.</summary>
    public FewShotClassifier Classifier(Matrix baseClassifier)
    {
        var beside = Matrix.Zeros(_weights.Rows, _weights.Columns);
        for (var row = 0; row < beside.Rows; row++)
            TensorPrimitives.MultiplyAdd(BaseDirections.Row(row), (float)(_blend.Values[row] - _logitScale), _weights.Row(row), beside.Values.AsSpan(row * beside.Columns, beside.Columns));
        return FewShotClassifier.ZeroShot(baseClassifier, _logitScale) with { Added = new AffineLogits(beside, _bias) };
    }
}
