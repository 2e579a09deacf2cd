using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning.Evidence;

/// <summary>A classifier for each fold, trained without what the fold holds out, and what is held out.</summary>
internal sealed class HeldOutScores
{
    private readonly IReadOnlyList<(FewShotClassifier Classifier, Matrix Features)> _folds;

    private HeldOutScores(IReadOnlyList<(FewShotClassifier, Matrix)> folds, int[] examples, int[] labels) =>
        (_folds, Examples, Labels) = (folds, examples, labels);

    /// <summary>Which examples, M indices, in the order of the logits.</summary>
    public int[] Examples { get; }

    /// <summary>Their classes.</summary>
    public int[] Labels { get; }

    public int Folds => _folds.Count;

    /// <summary>Trains a method once for each fold. A base of class means is made anew each time.</summary>
    /// <returns>Null where nothing can be held out, or a fold leaves too little for the method.</returns>
    public static HeldOutScores? Of(FewShotTask task, IFewShotMethod method, TrainingSettings settings, IReadOnlyList<Fold> folds, CancellationToken cancellationToken)
    {
        var fitted = new List<(FewShotClassifier, Matrix)>();
        foreach (var fold in folds)
        {
            if (task.NeedsAllClasses && fold.Train.Select(example => task.Support.Labels[example]).Distinct().Count() < task.Support.Classes) return null;
            var part = task.Subset(fold.Train);
            if (method.Needs(part) is not null) return null;
            fitted.Add((method.Fit(part, settings, null, cancellationToken).Classifier, task.Support.RawFeatures(fold.HeldOut)));
        }

        int[] examples = [.. folds.SelectMany(fold => fold.HeldOut)];
        return fitted.Count == 0 ? null : new HeldOutScores(fitted, examples, [.. examples.Select(example => task.Support.Labels[example])]);
    }

    /// <summary>The losses at a weight γ; 0 is the base.</summary>
    public CalibratedLosses Losses(double weight) => CalibratedLosses.Of(Logits(weight), Labels);

    public HeldOutPredictions Predictions(CalibratedLosses before, CalibratedLosses after) => new(Examples, Labels, before, after);

    /// <summary>M×K logits of what was held out, each by the classifier that has not seen it.</summary>
    /// <param name="weight">γ: what was learnt counts so much; 0 is the base.</param>
    public Matrix Logits(double weight)
    {
        var rows = _folds.SelectMany(fold => fold.Classifier.Weighted(weight).Logits(fold.Features).Values).ToArray();
        return new Matrix(Labels.Length, _folds[0].Classifier.Base.Rows, rows);
    }
}
