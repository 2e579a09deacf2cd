using System.Globalization;
using TaskRes.Core.Safetensors;
using TaskRes.Tests;

namespace TaskRes.Clients.Tests.Cli;

public sealed class FitVerbTests(CliHome home) : IClassFixture<CliHome>
{
    private const int Features = 32;

    [Fact]
    public async Task Fit_GoldenOrder_ReproducesTheResidual()
    {
        using var golden = SafetensorsFile.Open(ReferenceData.Golden("taskres_one_batch.safetensors"));
        var settings = golden.Header.Metadata;
        var outFile = home.File("residual.safetensors");

        var run = await CliRun.JsonAsync(
            home, "fit", "--features", GoldenFeatures(), "--train", "train", "--base", "base", "--order", "order",
            "--alpha", settings["alpha"], "--epochs", settings["epochs"], "--lr", settings["lr"], "--out", outFile);

        var report = run.RequireJson();
        Assert.Equal(["base_accuracy", "accuracy", "seconds", "alpha", "verdict", "method", "evidence"], report.EnumerateObject().Select(property => property.Name));
        Assert.Equal(double.Parse(settings["alpha"], CultureInfo.InvariantCulture), report.GetProperty("alpha").GetDouble());
        using var written = SafetensorsFile.Open(outFile);
        AssertClose(golden.Floats("residual"), written.Floats("residual"));
        AssertClose(golden.Floats("losses"), written.Floats("losses"));
        AssertClose(golden.Floats("base"), written.Floats("base"));
    }

    [Fact]
    public async Task Fit_TestSet_ReportsPercentAndAVerdict()
    {
        var run = await CliRun.JsonAsync(home, "fit", "--features", GoldenFeatures(), "--train", "train", "--test", "train", "--epochs", "5");

        var report = run.RequireJson();
        Assert.InRange(report.GetProperty("accuracy").GetDouble(), 1.01, 100);
        Assert.Contains(report.GetProperty("verdict").GetString(), new[] { "improves", "harms", "no evidence", "insufficient evidence" });
    }

    [Fact]
    public async Task Fit_SameSeed_WritesTheSameFile()
    {
        async Task<byte[]> Run(string name, string seed)
        {
            (await CliRun.JsonAsync(home, "fit", "--features", GoldenFeatures(), "--train", "train", "--base", "class-mean", "--epochs", "3", "--seed", seed, "--out", home.File(name))).RequireJson();
            return await File.ReadAllBytesAsync(home.File(name), TestContext.Current.CancellationToken);
        }

        var first = await Run("a.safetensors", "7");
        Assert.Equal(first, await Run("b.safetensors", "7"));
    }

    [Fact]
    public async Task Fit_ForPeople_PrintsNarrowLines()
    {
        var run = await CliRun.RunAsync(home, "fit", "--features", GoldenFeatures(), "--train", "train", "--epochs", "2");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("base accuracy", run.Stdout, StringComparison.Ordinal);
        Assert.All(run.Stdout.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [InlineData("zero-shot")]
    [InlineData("taskres-learnable-alpha")]
    [InlineData("taskres-image")]
    [InlineData("taskres-both")]
    [InlineData("linear-probe")]
    [InlineData("clap")]
    [InlineData("lp++")]
    [InlineData("tip-adapter")]
    [InlineData("tip-adapter-f")]
    [InlineData("clip-adapter")]
    public async Task Fit_EveryMethod_Reports(string method)
    {
        var report = (await CliRun.JsonAsync(home, "fit", "--features", GoldenFeatures(), "--train", "train", "--test", "train", "--epochs", "3", "--method", method)).RequireJson();

        Assert.Equal(method, report.GetProperty("method").GetString());
        Assert.InRange(report.GetProperty("accuracy").GetDouble(), 0, 100);
        Assert.Equal("insufficient evidence", report.GetProperty("evidence").GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("--alpha", "auto")]
    [InlineData("--method", "auto")]
    [InlineData("--method", "gda")]
    [InlineData("--folds", "3")]
    public async Task Fit_WithExamplesHeldOut_SaysWhatTheySpeakFor(string option, string value)
    {
        var report = (await CliRun.JsonAsync(home, "fit", "--features", GoldenFeatures(), "--train", "train", "--test", "train", option, value)).RequireJson();

        var evidence = report.GetProperty("evidence");
        Assert.True(evidence.GetProperty("folds").GetInt32() >= 2);
        Assert.Contains(evidence.GetProperty("verdict").GetString(), (string[])["improves", "no evidence", "harms"]);
        Assert.True(evidence.GetProperty("gain_low").GetDouble() <= evidence.GetProperty("gain_high").GetDouble());
    }

    [Theory]
    [InlineData("coop")]
    [InlineData("taskres-enhanced")]
    public async Task Fit_AMethodThatNeedsTheTextTower_FailsWithMethodNotApplicable(string method) =>
        (await CliRun.JsonAsync(home, "fit", "--features", GoldenFeatures(), "--train", "train", "--method", method)).RequireFailure(1, "METHOD_NOT_APPLICABLE");

    [Fact]
    public async Task Fit_NaNFeatures_FailsWithFeaturesInvalid()
    {
        var values = new float[2 * Features];
        values[5] = float.NaN;
        var file = FeatureFile(values, [0, 1], new float[2 * Features], Features);

        (await CliRun.JsonAsync(home, "fit", "--features", file, "--train", "train")).RequireFailure(1, "FEATURES_INVALID");
    }

    [Fact]
    public async Task Fit_BaseOfAnotherDimension_FailsWithFeaturesInvalid()
    {
        var file = FeatureFile([.. Enumerable.Repeat(1f, 2 * Features)], [0, 1], [.. Enumerable.Repeat(1f, 2 * 16)], 16);

        (await CliRun.JsonAsync(home, "fit", "--features", file, "--train", "train")).RequireFailure(1, "FEATURES_INVALID");
    }

    [Theory]
    [InlineData("--train", "nothing", "CHECKPOINT_MISMATCH")]
    [InlineData("--alpha", "11", "INVALID_FIELD")]
    [InlineData("--epochs", "0", "INVALID_FIELD")]
    public async Task Fit_OptionOutOfRange_FailsWithItsReason(string option, string value, string reason)
    {
        string[] train = option == "--train" ? [] : ["--train", "train"];
        (await CliRun.JsonAsync(home, ["fit", "--features", GoldenFeatures(), .. train, option, value])).RequireFailure(1, reason);
    }

    [Fact]
    public async Task Fit_DamagedFile_FailsWithCheckpointCorrupt()
    {
        var file = home.Write("damaged.safetensors", new string('x', 100));

        (await CliRun.JsonAsync(home, "fit", "--features", file, "--train", "train")).RequireFailure(1, "CHECKPOINT_CORRUPT");
    }

    [Fact]
    public async Task Fit_NoSuchFile_FailsWithCheckpointNotFound() =>
        (await CliRun.JsonAsync(home, "fit", "--features", home.File("none.safetensors"), "--train", "train")).RequireFailure(1, "CHECKPOINT_NOT_FOUND");

    /// <summary>The golden run's features under the names that the verb reads.</summary>
    private string GoldenFeatures()
    {
        using var golden = SafetensorsFile.Open(ReferenceData.Golden("taskres_one_batch.safetensors"));
        var path = home.File("golden.safetensors");
        SafetensorsWriter.Write(path,
        [
            TensorData.F32("train.features", golden.Floats("features"), golden.Entry("features").Shape),
            TensorData.I64("train.labels", golden.Integers("labels"), golden.Entry("labels").Shape),
            TensorData.F32("base", golden.Floats("base"), golden.Entry("base").Shape),
            TensorData.I64("order", golden.Integers("order"), golden.Entry("order").Shape),
        ]);
        return path;
    }

    private string FeatureFile(float[] features, long[] labels, float[] baseClassifier, int baseColumns)
    {
        var path = home.File($"{Guid.NewGuid():N}.safetensors");
        SafetensorsWriter.Write(path,
        [
            TensorData.F32("train.features", features, [labels.Length, Features]),
            TensorData.I64("train.labels", labels, [labels.Length]),
            TensorData.F32("base", baseClassifier, [baseClassifier.Length / baseColumns, baseColumns]),
        ]);
        return path;
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++) Assert.InRange(actual[i], expected[i] - (1e-4f * scale), expected[i] + (1e-4f * scale));
    }
}
