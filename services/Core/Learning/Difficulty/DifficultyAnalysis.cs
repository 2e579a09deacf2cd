using System.Numerics.Tensors;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Learning.Difficulty;

/// <summary>Measures a task's difficulty on its examples.</summary>
public static class DifficultyAnalysis
{
    private const int FewestShots = 2;
    private const int MostConfusions = 3;
    private const int MostSuspects = 20;
    private const double SuspectProbability = 0.8;

    // Below the recall of all by so much a class needs more images.
    private const double RecallGap = 0.1;

    private const double Confidence = 0.95;
    private const ulong Seed = 1;

    /// <summary>Before any training.</summary>
    public static DifficultyReport OfBase(FewShotTask task) => Of(task, FewShotClassifier.ZeroShot(task.Base, task.LogitScale), null);

    /// <param name="task">The base and the examples.</param>
    /// <param name="trained">What was made of them.</param>
    /// <param name="heldOut">What held-out examples were taken for; null where none were.</param>
    internal static DifficultyReport Of(FewShotTask task, FewShotClassifier trained, HeldOutPredictions? heldOut)
    {
        var (support, labels, classes) = (task.Support, task.Support.Labels, task.Support.Classes);
        var cosines = Dense.RowProducts(support.Views[0], task.Base.Normalized("base"));
        int[] predicted = [.. labels.Select((_, row) => TensorPrimitives.IndexOfMax(cosines.Row(row)))];
        var accuracy = Mean([.. labels.Select((label, row) => predicted[row] == label ? 1.0 : 0)]);
        var recall = heldOut is null ? accuracy.Value : heldOut.After.Accuracy;
        return new DifficultyReport
        {
            Examples = support.Count,
            ZeroShotAccuracy = accuracy,
            RelativeTransferDifficulty = Map(accuracy, value => 1 / (classes * Math.Max(value, 1.0 / (classes * support.Count)))),
            AccuracyAboveChance = Map(accuracy, value => (value - (1.0 / classes)) / (1 - (1.0 / classes))),
            ZeroShotMargin = Mean([.. labels.Select((label, row) => Margin(cosines.Row(row), label))]),
            IntraInterRatio = IntraInterRatio(support),
            SupportTextGap = Mean([.. labels.Select((label, row) => 1.0 - cosines.Row(row)[label])]),
            Classes = [.. Enumerable.Range(0, classes).Select(@class => Class(@class, task, trained, predicted, heldOut, recall))],
            Suspects = heldOut is null ? [] : Suspects(heldOut),
        };
    }

    private static ClassDifficulty Class(int @class, FewShotTask task, FewShotClassifier trained, int[] predicted, HeldOutPredictions? heldOut, double recallOfAll)
    {
        int[] own = [.. Enumerable.Range(0, predicted.Length).Where(example => task.Support.Labels[example] == @class)];
        int[] places = heldOut is null ? [] : [.. Enumerable.Range(0, heldOut.Labels.Length).Where(place => heldOut.Labels[place] == @class)];
        int[] taken = places.Length > 0 ? [.. places.Select(place => heldOut!.After.Predicted[place])] : [.. own.Select(example => predicted[example])];
        var recall = places.Length > 0 ? Mean([.. places.Select(place => heldOut!.After.Correct[place] ? 1.0 : 0)]) : null;
        var zeroShot = own.Length > 0 ? Mean([.. own.Select(example => predicted[example] == @class ? 1.0 : 0)]) : null;
        return new ClassDifficulty
        {
            ClassIndex = @class,
            Shots = own.Length,
            ZeroShotRecall = zeroShot,
            HeldOutRecall = recall,
            RelativeResidual = trained.Alpha * TensorPrimitives.Norm(trained.Residual.Row(@class)) / TensorPrimitives.Norm(trained.Base.Row(@class)),
            HeldOutGain = places.Length > 0 ? Mean([.. places.Select(place => heldOut!.Before.Values[place] - heldOut.After.Values[place])]) : null,
            Confusions = [.. taken.Where(other => other != @class).CountBy(other => other).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key)
                .Take(MostConfusions).Select(pair => new Confusion(pair.Key, pair.Value / (double)taken.Length))],
            NeedsMoreImages = own.Length < FewestShots || (recall ?? zeroShot)!.Value < recallOfAll - RecallGap,
        };
    }

    private static List<LabelSuspect> Suspects(HeldOutPredictions heldOut) =>
        [.. Enumerable.Range(0, heldOut.Labels.Length)
            .Where(place => !heldOut.After.Correct[place] && heldOut.After.Confidence[place] >= SuspectProbability)
            .OrderByDescending(place => heldOut.After.Confidence[place]).ThenBy(place => heldOut.Examples[place])
            .Take(MostSuspects)
            .Select(place => new LabelSuspect(heldOut.Examples[place], heldOut.Labels[place], heldOut.After.Predicted[place], heldOut.After.Confidence[place]))];

    private static double Margin(ReadOnlySpan<float> cosines, int label)
    {
        var best = float.NegativeInfinity;
        for (var other = 0; other < cosines.Length; other++)
            if (other != label) best = Math.Max(best, cosines[other]);
        return cosines[label] - best;
    }

    // By sums of class vectors: the pairs themselves would be N².
    private static Measure? IntraInterRatio(SupportSet support)
    {
        var sums = new double[support.Classes][];
        var counts = new int[support.Classes];
        var all = new double[support.Dimensions];
        for (var example = 0; example < support.Count; example++)
        {
            var sum = sums[support.Labels[example]] ??= new double[support.Dimensions];
            var row = support.Views[0].Row(example);
            for (var d = 0; d < row.Length; d++)
            {
                sum[d] += row[d];
                all[d] += row[d];
            }
            counts[support.Labels[example]]++;
        }

        var ratios = new List<double>();
        for (var @class = 0; @class < support.Classes; @class++)
        {
            var (count, others) = (counts[@class], support.Count - counts[@class]);
            if (count < 2 || others == 0) continue;
            var square = TensorPrimitives.Dot<double>(sums[@class], sums[@class]);
            var intra = (square - count) / (count * (count - 1.0));
            var inter = (TensorPrimitives.Dot<double>(sums[@class], all) - square) / (count * (double)others);
            if (inter > 0) ratios.Add(intra / inter);
        }
        return ratios.Count == 0 ? null : Mean(ratios);
    }

    private static Measure Mean(IReadOnlyList<double> values)
    {
        var interval = PairedBootstrap.Mean(values, Confidence, Seed);
        return new Measure(interval.Mean, interval.Low, interval.High);
    }

    private static Measure Map(Measure measure, Func<double, double> monotonic)
    {
        var (low, high) = (monotonic(measure.Low), monotonic(measure.High));
        return new Measure(monotonic(measure.Value), Math.Min(low, high), Math.Max(low, high));
    }
}
