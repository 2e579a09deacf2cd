using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Evidence;

public sealed class WeightChoiceTests
{
    private static readonly TrainingSettings Settings = new();

    public static TheoryData<ulong> Seeds => [1, 2, 3, 4, 5];

    public static MatrixTheoryData<ulong, string> SeedsAndMethods => new([1, 2, 3], ["taskres", "clap", "gda", "tip-adapter"]);

    [Theory]
    [MemberData(nameof(SeedsAndMethods))]
    public void Make_LabelsThatMeanNothing_IsTheBase(ulong seed, string method)
    {
        var choice = Make(new EvidenceTask(seed).MeaninglessOnText(pictures: 40, copies: 1), method);

        Assert.Equal(0, choice.Weight);
        Assert.NotEqual(Verdict.Improves, choice.Evidence.Verdict);
        Assert.Equal(choice.Evidence.BaseAccuracy, choice.HeldOut!.After.Accuracy);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Make_BaseThatErrs_GivesTheResidualWeight(ulong seed)
    {
        var choice = Make(new EvidenceTask(seed).Learnable(shots: 8, baseError: 1.5));

        Assert.Contains(choice.Weight!.Value, WeightChoice.Usual);
        Assert.Equal((Verdict.Improves, 4, 40), (choice.Evidence.Verdict, choice.Evidence.Folds, choice.Evidence.Examples));
        Assert.True(choice.Evidence.GainLow > 0);
        Assert.Equal(choice.Evidence.Loss, choice.HeldOut!.After.Mean, 1e-12);
    }

    /// <summary>The oracle: each example's loss by a classifier that was trained on the other folds alone.</summary>
    [Fact]
    public void Judge_AsItIs_IsWhatRetrainingWithoutEachFoldGives()
    {
        var task = new EvidenceTask(1).Learnable(shots: 6, baseError: 1.5);

        var choice = WeightChoice.Judge(task, FewShotMethods.Find("taskres"), Settings with { Folds = 3 }, TestContext.Current.CancellationToken);

        var folds = Folds.Of(task.Support, 3, Settings.Seed);
        var (correct, before) = (0, 0);
        foreach (var fold in folds)
        {
            var part = new SupportSet([Dense.Rows(task.Support.Views[0], fold.Train)], [.. fold.Train.Select(example => task.Support.Labels[example])], EvidenceTask.Classes);
            var trained = TaskResidualTrainer.Fit(task.Base, part, EvidenceTask.Scale, Settings, cancellationToken: TestContext.Current.CancellationToken);
            var (features, labels) = (Dense.Rows(task.Support.Views[0], fold.HeldOut), fold.HeldOut.Select(example => task.Support.Labels[example]).ToArray());
            correct += new CosineClassifier(task.Base, trained.Residual, Settings.Alpha, EvidenceTask.Scale).Correct(features, labels).Count(right => right);
            before += new CosineClassifier(task.Base).Correct(features, labels).Count(right => right);
        }
        Assert.Equal((1, 3, 30), (choice.Weight, choice.Evidence.Folds, choice.Evidence.Examples));
        Assert.Equal((before / 30.0, correct / 30.0), (choice.Evidence.BaseAccuracy, choice.Evidence.Accuracy));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Scores_BaseOfClassMeans_IsMadeAnewWithoutWhatIsHeldOut(bool fromExamples)
    {
        var given = new EvidenceTask(1).Learnable(shots: 4, baseError: 1);
        var task = fromExamples ? FewShotTask.OfClassMeans(given.Support, EvidenceTask.Scale) : given;
        int[] kept = [.. Enumerable.Range(0, task.Support.Count).Where(example => example != 3)];

        var part = task.Subset(kept);

        var expected = fromExamples
            ? BaseClassifier.FromClassMeans(Dense.Rows(given.Support.Views[0], kept), [.. kept.Select(example => given.Support.Labels[example])], EvidenceTask.Classes)
            : given.Base;
        Assert.InRange(Difference.Largest(expected.Values, part.Base.Values), 0, 1e-6);
        Assert.Equal(fromExamples, Difference.Largest(task.Base.Values, part.Base.Values) > 1e-3);
    }

    [Fact]
    public void Make_OneExampleOfEachClass_ChoosesNothingAndClaimsNothing()
    {
        var task = new EvidenceTask(1).Learnable(shots: 1, baseError: 1.5);

        var choice = Make(task);

        Assert.Equal((null, HeldOutEvidence.None, null), (choice.Weight, choice.Evidence, choice.HeldOut));
        Assert.Equal((1, HeldOutEvidence.None), (WeightChoice.Judge(task, choice.Method, Settings, TestContext.Current.CancellationToken).Weight!.Value, choice.Evidence));
    }

    /// <summary>Trained on one example of each class, a covariance cannot be had: it is not judged, and nothing fails.</summary>
    [Fact]
    public void Make_FoldsThatLeaveTooLittle_ChoosesNothing() => Assert.Null(Make(new EvidenceTask(1).Learnable(shots: 2, baseError: 1.5), "gda").Weight);

    private static HeldOutChoice Make(FewShotTask task, string method = "taskres") =>
        WeightChoice.Make(task, FewShotMethods.Find(method), FewShotMethods.Find(method).Defaults, TestContext.Current.CancellationToken);
}
