using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Evidence;

/// <summary>Tasks on which careless holding out claims a success that cannot be: labels were drawn by lot.</summary>
public sealed class PlantedLeakTests
{
    public static TheoryData<ulong> Seeds => [1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Copies_HeldOutWithTheirPicture_ClaimNothing(ulong seed)
    {
        var task = new EvidenceTask(seed).MeaninglessOnText(pictures: 40, copies: 4);

        var careless = Judge(task, Ungrouped(task.Support, 4));
        var shipped = Judge(task, Folds.Of(task.Support, 4, seed: 1));

        Assert.Equal(Verdict.Improves, careless.Verdict);
        Assert.InRange(careless.Accuracy - careless.BaseAccuracy, 0.15, 1);
        Assert.NotEqual(Verdict.Improves, shipped.Verdict);
        Assert.InRange(shipped.Accuracy, 0, NotByChance(shipped.Examples));
        Assert.Equal(0, WeightChoice.Make(task, FewShotMethods.Find("taskres"), new TrainingSettings(), TestContext.Current.CancellationToken).Weight);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ClassMeans_OfWhatIsHeldOut_AreNotSeen(ulong seed)
    {
        var support = new EvidenceTask(seed).Meaningless(pictures: 60, copies: 1);
        var folds = Folds.Of(support, 4, seed: 1);
        var means = FewShotTask.OfClassMeans(support, EvidenceTask.Scale);

        var careless = Judge(FewShotTask.OfBase(means.Base, support, EvidenceTask.Scale), folds);
        var shipped = Judge(means, folds);

        Assert.InRange(careless.BaseAccuracy, 0.5, 1);
        Assert.InRange(careless.Accuracy, 0.5, 1);
        Assert.InRange(shipped.BaseAccuracy, 0, NotByChance(60));
        Assert.InRange(shipped.Accuracy, 0, NotByChance(60));
        Assert.NotEqual(Verdict.Improves, shipped.Verdict);
    }

    // Three standard deviations above guessing.
    private static double NotByChance(int examples) => 0.2 + (3 * Math.Sqrt(0.2 * 0.8 / examples));

    private static HeldOutEvidence Judge(FewShotTask task, IReadOnlyList<Fold> folds)
    {
        var scores = HeldOutScores.Of(task, FewShotMethods.Find("taskres"), new TrainingSettings(), folds, TestContext.Current.CancellationToken)!;
        return HeldOutJudge.Judge(scores.Losses(0), scores.Losses(1), folds.Count, seed: 1);
    }

    // As who thinks of examples, and not of the pictures that they are of.
    private static IReadOnlyList<Fold> Ungrouped(SupportSet support, int count)
    {
        var order = Enumerable.Range(0, support.Count).Select(example => (long)example).ToArray();
        new SeededRandom(1).Shuffle(order);
        return [.. Enumerable.Range(0, count).Select(fold => new Fold(
            [.. order.Where((_, place) => place % count != fold).Select(example => (int)example)],
            [.. order.Where((_, place) => place % count == fold).Select(example => (int)example)]))];
    }
}
