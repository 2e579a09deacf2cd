using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Evidence;

public sealed class MethodChoiceTests
{
    private static readonly TrainingSettings Auto = new() { Method = FewShotMethods.Auto, Seed = 7 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Make_NoRivalClearlyBetter_IsTaskRes(ulong seed)
    {
        var choice = Make(new EvidenceTask(seed).Learnable(shots: 8, baseError: 0.3));

        Assert.Equal("taskres", choice.Method.Name);
        Assert.Equal(new TrainingSettings { Seed = 7 }, choice.Settings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Make_TaskForACovariance_IsGaussian(ulong seed)
    {
        var choice = Make(new EvidenceTask(seed).Anisotropic(shots: 16));

        Assert.Equal("gda", choice.Method.Name);
        Assert.Equal(Verdict.Improves, choice.Evidence.Verdict);
        Assert.Contains(choice.Weight!.Value, choice.Method.Weights);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Make_LabelsThatMeanNothing_IsTheBase(ulong seed)
    {
        var choice = Make(new EvidenceTask(seed).MeaninglessOnText(pictures: 40, copies: 2));

        Assert.Equal(("taskres", 0), (choice.Method.Name, choice.Weight!.Value));
        Assert.NotEqual(Verdict.Improves, choice.Evidence.Verdict);
    }

    [Fact]
    public void Make_OneExampleOfEachClass_IsTaskResWithoutAWeight()
    {
        var choice = Make(new EvidenceTask(1).Learnable(shots: 1, baseError: 1));

        Assert.Equal(("taskres", null, HeldOutEvidence.None), (choice.Method.Name, choice.Weight, choice.Evidence));
    }

    /// <summary>Two pictures of each class and an exact copy of each: what a fold leaves has no spread.</summary>
    [Fact]
    public void Make_ExactCopies_DoesNotFailForARival()
    {
        var task = new EvidenceTask(1).Learnable(shots: 2, baseError: 1);
        int[] twice = [.. Enumerable.Range(0, 20).Select(example => example % 10)];
        var copies = new SupportSet([Dense.Rows(task.Support.Views[0], twice)], [.. twice.Select(example => task.Support.Labels[example])], EvidenceTask.Classes);

        Assert.Equal("taskres", Make(FewShotTask.OfBase(task.Base, copies, EvidenceTask.Scale)).Method.Name);
    }

    private static HeldOutChoice Make(FewShotTask task) => MethodChoice.Make(task, Auto, TestContext.Current.CancellationToken);
}
