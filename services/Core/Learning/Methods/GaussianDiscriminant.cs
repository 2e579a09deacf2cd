using System.Numerics.Tensors;
using TaskRes.Core.Learning.Classifiers;

namespace TaskRes.Core.Learning.Methods;

/// <summary>
/// GDA (Wang, Liang, Sun, Wang, Tan: "A Hard-to-Beat Baseline for Training-Free CLIP-Based Adaptation", ICLR 2024): classes as
/// Gaussians of one covariance, beside the base. <c>α(f·W + b)</c>, W = Σ⁻¹μ, b = log(1/K) − ½μᵀΣ⁻¹μ,
/// Σ⁻¹ = D·((n−1)Σ + tr(Σ)I)⁻¹. Nothing is trained. Its authors choose α on held-out data, for it differs between tasks by
/// orders of magnitude; so is it chosen here, by folds, unless one is given. Where folds leave too little for a covariance, as
/// with one or two images of each class, the base stays as it is.
/// </summary>
internal sealed class GaussianDiscriminant : IFewShotMethod
{
    public string Name => "gda";

    public string Summary => "the classes' means and one covariance; closed form";

    public TrainingSettings Defaults { get; } = new() { Method = "gda", Alpha = 1, ChooseAlpha = true };

    public IReadOnlyList<double> Weights { get; } = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

    public string? Needs(FewShotTask task)
    {
        if (task.Support.Labels.Distinct().Count() < task.Support.Classes) return "an example of each class";
        return HasSpread(task.Support) ? null : "two different examples, or two views of one, of a class at the least";
    }

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken)
    {
        if (Needs(task) is not null) throw FewShotMethodErrors.NotApplicable(this, task);
        cancellationToken.ThrowIfCancellationRequested();
        var means = Means(task.Support);
        var precision = PositiveDefinite.Factor(Regularised(task.Support, means), "examples");
        var weights = Dense.Scaled(precision.Solve(means), task.Support.Dimensions);
        var bias = new Matrix(1, means.Rows, [.. Enumerable.Range(0, means.Rows).Select(row =>
            (float)(Math.Log(1.0 / means.Rows) - (TensorPrimitives.Dot(means.Row(row), weights.Row(row)) / 2)))]);
        var added = new AffineLogits(Dense.Scaled(weights, settings.Alpha), Dense.Scaled(bias, settings.Alpha));
        return new FittedMethod(FewShotClassifier.ZeroShot(task.Base, task.LogitScale) with { Added = added }, []);
    }

    // μ, K×D, over all views.
    private static Matrix Means(SupportSet support)
    {
        var (means, counts) = (Matrix.Zeros(support.Classes, support.Dimensions), new int[support.Classes]);
        foreach (var view in support.Views)
            for (var example = 0; example < support.Count; example++)
            {
                var mean = means.Values.AsSpan(support.Labels[example] * means.Columns, means.Columns);
                TensorPrimitives.Add(mean, view.Row(example), mean);
                counts[support.Labels[example]]++;
            }
        for (var row = 0; row < means.Rows; row++)
        {
            var mean = means.Values.AsSpan(row * means.Columns, means.Columns);
            TensorPrimitives.Divide(mean, counts[row], mean);
        }
        return means;
    }

    // (n − 1)Σ + tr(Σ)I, D×D, up to its diagonal.
    private static double[][] Regularised(SupportSet support, Matrix means)
    {
        double[][] matrix = [.. Enumerable.Range(0, support.Dimensions).Select(row => new double[row + 1])];
        foreach (var view in support.Views)
        {
            var centred = Dense.Difference(view, Dense.Rows(means, support.Labels));
            var scatter = Dense.WeightedSums(centred, centred);
            for (var row = 0; row < matrix.Length; row++)
                for (var column = 0; column <= row; column++) matrix[row][column] += scatter.Row(row)[column];
        }

        var trace = matrix.Sum(row => row[^1]) / ((support.Count * support.Views.Count) - 1);
        foreach (var row in matrix) row[^1] += trace;
        return matrix;
    }

    // Copies of one picture alone have no covariance.
    private static bool HasSpread(SupportSet support)
    {
        var first = new int[support.Classes];
        for (var example = support.Count - 1; example >= 0; example--) first[support.Labels[example]] = example;
        return support.Views.Any(view => support.Labels.Where((label, example) => !view.Row(example).SequenceEqual(support.Views[0].Row(first[label]))).Any());
    }
}
