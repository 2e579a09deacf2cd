using TaskRes.Core.Learning;
using TaskRes.Core.Text;

namespace TaskRes.Core.Tests.Bundled;

public sealed class BundledModelTests
{
    private const long MostBytes = 8_000_000;

    [Fact]
    public void Load_BundledFolder_IsASmallClipWithItsTokenizer()
    {
        using var encoder = BundledFiles.LoadModel();

        Assert.Equal(64, encoder.Info.ImageSize);
        Assert.InRange(encoder.Info.Parameters, 1_000_000, 4_000_000);
        Assert.Equal(encoder.Info.VocabularySize, encoder.Tokenizer.VocabularySize);
        Assert.Equal(encoder.Info.VocabularySize - 1, Assert.IsType<ClipTokenizer>(encoder.Tokenizer).EndOfText);
        Assert.InRange(new FileInfo(Path.Combine(BundledFiles.Root, "model", "model.safetensors")).Length, 1, MostBytes);
    }

    [Fact]
    public void Classify_KnownAnimals_NamesAloneGoFar()
    {
        using var encoder = BundledFiles.LoadModel();
        var task = BundledFiles.Task("animals");
        var (features, labels) = task.Embed("test", encoder);

        Assert.InRange(new CosineClassifier(task.Base(encoder)).Accuracy(features, labels), 0.6, 1);
    }

    [Theory]
    [InlineData("animals", 0)]
    [InlineData("outlines", 0.15)]
    [InlineData("creatures", 0.15)]
    public void Fit_SixteenShots_GainsAtLeast(string name, double gain)
    {
        using var encoder = BundledFiles.LoadModel();
        var task = BundledFiles.Task(name);
        var (train, trainLabels) = task.Embed("train", encoder);
        var (test, testLabels) = task.Embed("test", encoder);
        var (textBase, settings) = (task.Base(encoder), new TrainingSettings());

        var trained = TaskResidualTrainer.Fit(
            textBase, new SupportSet([train], trainLabels, textBase.Rows), encoder.Info.LogitScale, settings, cancellationToken: TestContext.Current.CancellationToken);

        var before = new CosineClassifier(textBase).Accuracy(test, testLabels);
        var after = new CosineClassifier(textBase, trained.Residual, settings.Alpha, encoder.Info.LogitScale).Accuracy(test, testLabels);
        Assert.InRange(after - before, gain, 1);
    }
}
