using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class GoldenRunTests
{
    // The reference ran in single precision: its own distance from a run in double precision is a tenth of this.
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Runs => ["taskres_one_batch", "taskres_many_batches", "taskres_flowers_alpha1"];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Fit_ReferenceRun_GivesItsLossesResidualAndLogits(string name)
    {
        using var run = GoldenRun.Open(name);

        var trained = run.Fit();

        var (losses, residual) = (Difference.Largest(run.Losses, trained.Losses), Difference.Largest(run.Residual.Values, trained.Residual.Values));
        var logits = Difference.Largest(run.TestLogits.Values, Logits(run, trained.Residual));
        TestContext.Current.TestOutputHelper?.WriteLine($"largest differences: losses {losses:E1}, residual {residual:E1}, logits {logits:E1} of {run.LogitScale}");
        Assert.InRange(losses, 0, Tolerance);
        Assert.InRange(residual, 0, Tolerance);
        Assert.InRange(logits, 0, Tolerance * run.LogitScale / 10);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void LearningRate_ReferenceRun_IsItsSchedule(string name)
    {
        using var run = GoldenRun.Open(name);
        var settings = run.Settings;

        var rates = Enumerable.Range(0, settings.Epochs!.Value).Select(epoch => (float)LearningRateSchedule.At(epoch, settings.Epochs.Value, settings));

        Assert.InRange(Difference.Largest(run.LearningRates, [.. rates]), 0, 1e-9);
    }

    private static float[] Logits(GoldenRun run, Matrix residual)
    {
        var classifier = new CosineClassifier(run.Base, residual, run.Settings.Alpha, run.LogitScale);
        var logits = new float[run.TestFeatures.Rows * classifier.Classes];
        for (var row = 0; row < run.TestFeatures.Rows; row++)
            classifier.Logits(run.TestFeatures.Row(row), logits.AsSpan(row * classifier.Classes, classifier.Classes));
        return logits;
    }
}
