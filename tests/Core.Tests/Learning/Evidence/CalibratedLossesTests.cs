using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Tests.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Evidence;

public sealed class CalibratedLossesTests
{
    [Theory]
    [InlineData(0.3)] // too modest
    [InlineData(1)]
    [InlineData(8)] // too sure
    public void Of_RandomLogits_FindsTheTemperatureThatASearchFinds(double scale)
    {
        var (logits, labels) = Scores(scale, seed: 3);

        var losses = CalibratedLosses.Of(logits, labels);

        var rows = Plain.Rows(logits);
        double Loss(double sharpness) => rows.Select((row, example) => Plain.CrossEntropy(Plain.Scaled(row, sharpness), labels[example])).Average();
        var best = Enumerable.Range(0, 801).Select(step => Math.Exp(-3 + (step / 800.0 * 6))).MinBy(Loss);
        Assert.Equal(1, losses.Sharpness / best, 0.02);
        Assert.Equal(Loss(best), losses.Mean, 1e-4);
        Assert.Equal(rows.Select((row, example) => Plain.CrossEntropy(Plain.Scaled(row, losses.Sharpness), labels[example])), losses.Values, (expected, actual) => Math.Abs(expected - actual) < 1e-4);
        Assert.Equal(rows.Select(row => Array.IndexOf(row, row.Max())), losses.Predicted);
        Assert.Equal(rows.Select(row => Plain.Softmax(Plain.Scaled(row, losses.Sharpness)).Max()), losses.Confidence, (expected, actual) => Math.Abs(expected - actual) < 1e-4);
        Assert.Equal(losses.Predicted.Zip(labels, (own, label) => own == label), losses.Correct);
        Assert.Equal(losses.Correct.Average(right => right ? 1 : 0), losses.Accuracy, 1e-12);
        Assert.Equal(6, losses.Classes);
    }

    /// <summary>Modesty is no merit: of the same ranking, logits of any scale have the same losses.</summary>
    [Fact]
    public void Of_TheSameLogitsAtAnotherScale_AreTheSame()
    {
        var (logits, labels) = Scores(1, seed: 3);

        Assert.Equal(CalibratedLosses.Of(logits, labels).Mean, CalibratedLosses.Of(Dense.Scaled(logits, 3), labels).Mean, 1e-6);
    }

    [Fact]
    public void Of_LogitsThatMeanNothing_ComesNearToGuessing()
    {
        var (logits, _) = Scores(1, seed: 3);
        var random = new Random(4);

        var losses = CalibratedLosses.Of(logits, [.. Enumerable.Range(0, logits.Rows).Select(_ => random.Next(6))]);

        Assert.InRange(losses.Mean, 0.95 * Math.Log(6), 1.02 * Math.Log(6));
    }

    // Logits of the labels' classes are higher, not always the highest.
    private static (Matrix Logits, int[] Labels) Scores(double scale, int seed)
    {
        var random = new Random(seed);
        int[] labels = [.. Enumerable.Range(0, 300).Select(_ => random.Next(6))];
        return (new Matrix(300, 6, [.. labels.SelectMany(label => Enumerable.Range(0, 6).Select(k => (float)(scale * ((4 * random.NextDouble()) + (k == label ? 1.5 : 0)))))]), labels);
    }
}
