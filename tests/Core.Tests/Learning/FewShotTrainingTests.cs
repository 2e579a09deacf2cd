using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Learning.Methods;
using TaskRes.Core.Tests.Learning.Evidence;

namespace TaskRes.Core.Tests.Learning;

public sealed class FewShotTrainingTests
{
    private static readonly FewShotTask Learnable = new EvidenceTask(1).Learnable(shots: 8, baseError: 1.5);

    [Fact]
    public void Run_AsPublished_IsTheMethodAloneAndClaimsNothing()
    {
        var trained = Run(Learnable, new TrainingSettings());

        var alone = TaskResidualTrainer.Fit(Learnable.Base, Learnable.Support, EvidenceTask.Scale, new TrainingSettings(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(alone.Residual.Values, trained.Classifier.Residual.Values);
        Assert.Equal(alone.Losses, trained.Losses);
        Assert.Equal((0.5, "taskres", HeldOutEvidence.None), (trained.Classifier.Alpha, trained.Method, trained.Evidence));
    }

    [Fact]
    public void Run_Folds_AddsTheVerdictAndChangesNothing()
    {
        var (plain, judged) = (Run(Learnable, new TrainingSettings()), Run(Learnable, new TrainingSettings { Folds = 5 }));

        Assert.Equal(plain.Classifier.Residual.Values, judged.Classifier.Residual.Values);
        Assert.Equal(plain.Classifier.Alpha, judged.Classifier.Alpha);
        Assert.Equal((Verdict.Improves, 5, 40), (judged.Evidence.Verdict, judged.Evidence.Folds, judged.Evidence.Examples));
    }

    [Fact]
    public void Run_ChooseAlpha_ServesTheWeightThatHeldOutExamplesFavour()
    {
        var settings = new TrainingSettings { ChooseAlpha = true };
        var choice = WeightChoice.Make(Learnable, FewShotMethods.Find("taskres"), settings, TestContext.Current.CancellationToken);

        var trained = Run(Learnable, settings);

        Assert.Equal(0.5 * choice.Weight!.Value, trained.Classifier.Alpha, 1e-12);
        Assert.Equal(choice.Evidence, trained.Evidence);
        Assert.Equal(Run(Learnable, new TrainingSettings()).Classifier.Residual.Values, trained.Classifier.Residual.Values);
    }

    [Theory]
    [InlineData("taskres")]
    [InlineData("taskres-both")]
    [InlineData("gda")]
    [InlineData("auto")]
    public void Run_ChoosingWhereLabelsMeanNothing_ServesTheBase(string method)
    {
        var task = new EvidenceTask(2).MeaninglessOnText(pictures: 40, copies: 2);

        var trained = Run(task, new TrainingSettings { Method = method, ChooseAlpha = true });

        var zeroShot = FewShotClassifier.ZeroShot(task.Base, EvidenceTask.Scale);
        Assert.InRange(Difference.Largest(zeroShot.Logits(task.Support.Views[0]).Values, trained.Classifier.Logits(task.Support.Views[0]).Values), 0, 1e-4);
        Assert.NotEqual(Verdict.Improves, trained.Evidence.Verdict);
    }

    [Theory]
    [InlineData("taskres")]
    [InlineData("auto")]
    public void Run_ChoosingWithOneExampleOfEach_ShrinksAndSaysThatThereIsNoEvidence(string method)
    {
        var task = new EvidenceTask(1).Learnable(shots: 1, baseError: 1);

        var trained = Run(task, new TrainingSettings { Method = method, ChooseAlpha = true });

        var fitted = FewShotMethods.Find("taskres").Fit(task, new TrainingSettings(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(ClassShrinkage.Apply(task, fitted.Classifier).Residual.Values, trained.Classifier.Residual.Values);
        Assert.Equal(HeldOutEvidence.None, trained.Evidence);
        Assert.Equal(Verdict.InsufficientEvidence, trained.Evidence.Verdict);
    }

    [Fact]
    public void Run_GaussianWithNoAlphaGiven_ChoosesIt()
    {
        var (task, defaults) = (new EvidenceTask(1).Anisotropic(shots: 16), FewShotMethods.Find("gda").Defaults);

        var (chosen, given) = (Run(task, defaults), Run(task, defaults with { ChooseAlpha = false, Alpha = 0.2 }));

        var choice = WeightChoice.Make(task, FewShotMethods.Find("gda"), defaults, TestContext.Current.CancellationToken);
        Assert.Equal((Verdict.Improves, choice.Evidence), (choice.Evidence.Verdict, chosen.Evidence));
        Assert.Equal(HeldOutEvidence.None, given.Evidence);
        double Ratio(TrainedClassifier trained) => ((AffineLogits)trained.Classifier.Added!).Bias.Values[0] / (double)((AffineLogits)given.Classifier.Added!).Bias.Values[0];
        Assert.Equal(choice.Weight!.Value / 0.2, Ratio(chosen), 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_GaussianWithTooLittleToChooseAlphaBy_KeepsTheBase(int shots)
    {
        var plain = new EvidenceTask(1).Learnable(shots, baseError: 1);
        var support = new SupportSet([plain.Support.Views[0], Dense.Sum(plain.Support.Views[0], new EvidenceTask(2).Normal(plain.Support.Count, 32, 0.1))], plain.Support.Labels, EvidenceTask.Classes);
        var task = shots == 1 ? FewShotTask.OfBase(plain.Base, support, EvidenceTask.Scale) : plain;

        var trained = Run(task, FewShotMethods.Find("gda").Defaults);

        Assert.Equal(FewShotClassifier.ZeroShot(task.Base, EvidenceTask.Scale).Logits(task.Support.Views[0]).Values, trained.Classifier.Logits(task.Support.Views[0]).Values);
        Assert.Equal(HeldOutEvidence.None, trained.Evidence);
    }

    [Fact]
    public void Run_Auto_TrainsTheChosenMethodAtItsWeight()
    {
        var task = new EvidenceTask(1).Anisotropic(shots: 16);

        var trained = Run(task, new TrainingSettings { Method = "auto" });

        var choice = MethodChoice.Make(task, new TrainingSettings { Method = "auto" }, TestContext.Current.CancellationToken);
        var expected = choice.Method.Fit(task, choice.Settings, cancellationToken: TestContext.Current.CancellationToken).Classifier.Weighted(choice.Weight!.Value);
        Assert.Equal(("gda", choice.Evidence), (trained.Method, trained.Evidence));
        Assert.Equal(expected.Logits(task.Support.Views[0]).Values, trained.Classifier.Logits(task.Support.Views[0]).Values);
    }

    [Fact]
    public void Run_Cancelled_EndsWhileItChooses()
    {
        foreach (var settings in new[] { new TrainingSettings(), new() { Folds = 4 }, new() { ChooseAlpha = true }, new() { Method = "auto" } })
            Assert.Throws<OperationCanceledException>(() => FewShotTraining.Run(Learnable, settings, null, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("magic", 0)]
    [InlineData("taskres", 1)]
    [InlineData("taskres", 21)]
    [InlineData("taskres", -4)]
    public void Run_SettingOutOfRange_IsRefused(string method, int folds) =>
        Assert.Equal(ErrorReason.InvalidField, Assert.Throws<TaskResException>(() => Run(Learnable, new TrainingSettings { Method = method, Folds = folds })).Reason);

    [Fact]
    public void Task_WhatDoesNotFit_IsRefusedWithItsReason()
    {
        void Refused(ErrorReason reason, Action make) => Assert.Equal(reason, Assert.Throws<TaskResException>(make).Reason);
        var (baseClassifier, support) = (Learnable.Base, Learnable.Support);

        Refused(ErrorReason.FeaturesInvalid, () => FewShotTask.OfBase(new SyntheticTask(dimensions: 31).Base, support, 100));
        Refused(ErrorReason.FeaturesInvalid, () => FewShotTask.OfBase(Dense.Rows(baseClassifier, [0, 1, 2, 3]), support, 100));
        Refused(ErrorReason.FeaturesInvalid, () => FewShotTask.OfBase(Dense.Scaled(baseClassifier, double.NaN), support, 100));
        Refused(ErrorReason.InvalidField, () => FewShotTask.OfBase(baseClassifier, support, 0));
        Refused(ErrorReason.InvalidField, () => FewShotTask.OfClassMeans(support, 1001));
        Refused(ErrorReason.NoExamples, () => FewShotTask.OfClassMeans(support.Subset([0, 1, 2, 3]), 100));
    }

    private static TrainedClassifier Run(FewShotTask task, TrainingSettings settings) => FewShotTraining.Run(task, settings, cancellationToken: TestContext.Current.CancellationToken);
}
