using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;

namespace TaskRes.Core.Tests.Learning.Evidence;

public sealed class HeldOutJudgeTests
{
    private const int Examples = 100;

    [Theory]
    [InlineData(0.3, 90, Verdict.Improves)]
    [InlineData(-0.3, 90, Verdict.Harms)]
    [InlineData(0.01, 90, Verdict.NoEvidence)]
    [InlineData(-0.01, 90, Verdict.NoEvidence)]
    [InlineData(0.3, 25, Verdict.NoEvidence)] // right no more often than by guessing
    public void Judge_LossSaved_GivesItsVerdict(double saved, int correct, Verdict verdict)
    {
        var random = new SeededRandom(2);
        double[] before = [.. Enumerable.Range(0, Examples).Select(_ => 1 + (0.5 * random.Uniform()))];
        double[] after = [.. before.Select(loss => loss - saved + (0.5 * (random.Uniform() - 0.5)))];

        var evidence = HeldOutJudge.Judge(Losses(before, 50), Losses(after, correct), folds: 4, seed: 1);

        Assert.Equal((verdict, 4, Examples), (evidence.Verdict, evidence.Folds, evidence.Examples));
        Assert.Equal((0.5, correct / 100.0), (evidence.BaseAccuracy, evidence.Accuracy));
        Assert.Equal(before.Average(), evidence.BaseLoss, 1e-12);
        Assert.Equal(after.Average(), evidence.Loss, 1e-12);
        Assert.Equal(before.Average() - after.Average(), evidence.Gain, 1e-12);
        Assert.InRange(evidence.Gain, evidence.GainLow, evidence.GainHigh);
    }

    [Fact]
    public void Judge_NoDifference_IsNoEvidence()
    {
        var losses = Losses([.. Enumerable.Repeat(1.0, Examples)], 90);

        Assert.Equal(Verdict.NoEvidence, HeldOutJudge.Judge(losses, losses, 4, 1).Verdict);
    }

    private static CalibratedLosses Losses(double[] values, int correct) =>
        new(values, 1, new int[Examples], new double[Examples], [.. Enumerable.Range(0, Examples).Select(example => example < correct)], 4);
}
