using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class TestVerdictTests
{
    [Theory]
    [InlineData(0, 6, 0.03125)]
    [InlineData(1, 8, 0.0390625)]
    [InlineData(5, 5, 1)]
    [InlineData(10, 20, 0.0987371)]
    [InlineData(20, 10, 0.0987371)]
    [InlineData(900, 1100, 8.5e-6)]
    public void PValue_Pairs_IsTheBinomialTestsTwoSided(int onlyFirst, int onlySecond, double expected) =>
        Assert.Equal(1, McNemarTest.PValue(onlyFirst, onlySecond) / expected, 0.02);

    [Theory]
    [InlineData(0, 0, Verdict.InsufficientEvidence)]
    [InlineData(0, 5, Verdict.InsufficientEvidence)]
    [InlineData(0, 6, Verdict.Improves)]
    [InlineData(6, 0, Verdict.Harms)]
    [InlineData(3, 5, Verdict.NoEvidence)]
    [InlineData(20, 10, Verdict.NoEvidence)]
    public void Of_DiscordantPairs_DecideIt(int onlyBase, int onlyResidual, Verdict verdict)
    {
        bool[] both = [true, true, false, false];
        bool[] baseCorrect = [.. Enumerable.Repeat(true, onlyBase), .. Enumerable.Repeat(false, onlyResidual), .. both];
        bool[] residualCorrect = [.. Enumerable.Repeat(false, onlyBase), .. Enumerable.Repeat(true, onlyResidual), .. both];

        Assert.Equal(verdict, TestVerdict.Of(baseCorrect, residualCorrect));
    }
}
