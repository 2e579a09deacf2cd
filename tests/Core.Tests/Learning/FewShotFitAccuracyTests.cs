using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Learning;

/// <summary>Real CLIP features against the released settings in the reference implementation: accuracy in percent, mean of three seeds.</summary>
public sealed class FewShotFitAccuracyTests
{
    private const double Tolerance = 0.3;

    [Theory]
    [InlineData(1, 97.61, 98.28)]
    [InlineData(2, 97.61, 98.28)]
    [InlineData(4, 97.61, 98.95)]
    [InlineData(8, 97.61, 98.47)]
    [InlineData(16, 97.61, 99.05)]
    public void Run_Caltech101OnItsTextBase_IsAsAccurateAsTheReference(int shots, double expectedBase, double expected) =>
        Compare("caltech101_vitb32", "base", shots, expectedBase, expected);

    [Theory]
    [InlineData(1, 65.33, 66.18)]
    [InlineData(2, 75.96, 77.99)]
    [InlineData(4, 87.09, 88.77)]
    [InlineData(8, 90.95, 92.94)]
    [InlineData(16, 92.33, 95.03)]
    public void Run_Flowers102OnClassMeans_IsAsAccurateAsTheReference(int shots, double expectedBase, double expected) =>
        Compare("flowers102_vitb32", FewShotFitOptions.ClassMean, shots, expectedBase, expected);

    /// <summary>At a weight of 1, which is not chosen, it is more than two points below.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Run_GaussianOnCaltech101_IsNotBelowTheBase(int shots)
    {
        var options = new FewShotFitOptions
        {
            Features = ReferenceData.Shared("real", "caltech101_vitb32.safetensors"),
            Train = $"train_{shots}shot",
            Test = "test",
            Settings = FewShotMethods.Find("gda").Defaults,
        };

        var report = FewShotFit.Run(options, cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(report.Accuracy!.Value, report.BaseAccuracy - Tolerance, 100);
    }

    private static void Compare(string features, string baseName, int shots, double expectedBase, double expected)
    {
        var path = ReferenceData.Shared("real", $"{features}.safetensors");

        var reports = new ulong[] { 1, 2, 3 }.Select(seed => FewShotFit.Run(new FewShotFitOptions
        {
            Features = path,
            Train = $"train_{shots}shot",
            Test = "test",
            Base = baseName,
            Settings = new TrainingSettings { Seed = seed },
        })).ToList();

        var (baseAccuracy, accuracy) = (reports.Average(report => report.BaseAccuracy), reports.Average(report => report.Accuracy!.Value));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{features} {shots,2} shots: {baseAccuracy:F2} → {accuracy:F2} (reference {expectedBase:F2} → {expected:F2}), {reports.Average(report => report.Seconds):F2} s, {reports[0].Verdict}");
        Assert.Equal(expectedBase, baseAccuracy, Tolerance);
        Assert.Equal(expected, accuracy, Tolerance);
    }
}
