using TaskRes.Core.Safetensors;
using TaskRes.Tests;

namespace TaskRes.Clients.Tests.Cli;

public sealed class EvalVerbTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Eval_ReadyFeatures_MeasuresEveryCellAndTheSecondRunNone()
    {
        string[] arguments = ["eval", "--features", ReadyFeatures(), "--methods", "taskres", "--shots", "1,2", "--seeds", "1,2", "--epochs", "2", "--out", _home.File("out")];

        var first = (await CliRun.JsonAsync(_home, arguments)).RequireJson();
        var log = await File.ReadAllLinesAsync(_home.File("out", "results.jsonl"), TestContext.Current.CancellationToken);
        var second = (await CliRun.JsonAsync(_home, arguments)).RequireJson();

        Assert.Equal(5, log.Length); // zero-shot, and two shots with two seeds
        Assert.Equal(log, await File.ReadAllLinesAsync(_home.File("out", "results.jsonl"), TestContext.Current.CancellationToken));
        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Equal(
            [("zero-shot", 0, 1), ("taskres", 1, 2), ("taskres", 2, 2)],
            first.GetProperty("rows").EnumerateArray().Select(row => (row.GetProperty("method").GetString()!, row.GetProperty("shots").GetInt32(), row.GetProperty("seeds").GetInt32())));
        Assert.All(["results.csv", "results.json", "accuracy-made.svg"], name => Assert.True(File.Exists(_home.File("out", name)), name));
    }

    [Fact]
    public async Task Eval_ReadyFeaturesWithFit_AgreesWithFit()
    {
        var features = ReadyFeatures();
        var fit = (await CliRun.JsonAsync(_home, "fit", "--features", features, "--train", "train_2shot", "--test", "test", "--epochs", "3", "--seed", "5")).RequireJson();

        var rows = (await CliRun.JsonAsync(_home, "eval", "--features", features, "--methods", "taskres", "--shots", "2", "--seeds", "5", "--epochs", "3", "--out", _home.File("agree"))).RequireJson().GetProperty("rows");

        Assert.Equal(fit.GetProperty("base_accuracy").GetDouble(), rows[0].GetProperty("accuracy").GetDouble(), 1e-9);
        Assert.Equal(fit.GetProperty("accuracy").GetDouble(), rows[1].GetProperty("accuracy").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task Eval_DatasetOnTheDisk_EncodesOnceAndTestsShiftedSetsToo()
    {
        var (data, cache) = (_home.Folder("data"), _home.File("cache"));
        var images = Directory.GetFiles(ReferenceData.Golden("images"));
        string[] ids = ["n01", "n02", "n03"];
        foreach (var folder in new[] { "imagenet", "imagenet-adversarial" }) _home.Write(Path.Combine(Path.GetRelativePath(_home.File(), _home.Folder("data", folder)), "classnames.txt"), "n01 cat\nn02 dog\nn03 fish\n");
        var next = 0;
        void Put(params string[] parts)
        {
            var image = images[next++ % images.Length];
            File.Copy(image, Path.Combine(_home.Folder(["data", .. parts]), $"{next}{Path.GetExtension(image)}"));
        }

        foreach (var id in ids)
            foreach (var part in new[] { "train", "train", "val" }) Put("imagenet", "images", part, id);
        Put("imagenet-adversarial", "imagenet-a", "n01");
        Put("imagenet-adversarial", "imagenet-a", "n03");
        string[] arguments =
        [
            "eval", "--model", ReferenceData.Golden("vit", "hf"), "--tokenizer", SmallTokenizer.Write(_home.Folder("tokenizer")), "--data", data, "--datasets", "ImageNet,ImageNetA",
            "--methods", "taskres", "--shots", "1,2", "--seeds", "1", "--views", "1", "--epochs", "2", "--cache", cache,
        ];

        var rows = (await CliRun.JsonAsync(_home, [.. arguments, "--out", _home.File("first")])).RequireJson().GetProperty("rows").EnumerateArray().ToList();
        var kept = Files(cache);
        var again = (await CliRun.JsonAsync(_home, [.. arguments, "--out", _home.File("second")])).RequireJson().GetProperty("rows").EnumerateArray().ToList();

        Assert.Equal(
            [("ImageNet", "zero-shot", 0, 3, 3), ("ImageNetA", "zero-shot", 0, 2, 2), ("ImageNet", "taskres", 1, 3, 3), ("ImageNetA", "taskres", 1, 2, 2), ("ImageNet", "taskres", 2, 3, 3), ("ImageNetA", "taskres", 2, 2, 2)],
            rows.Select(row => (row.GetProperty("dataset").GetString()!, row.GetProperty("method").GetString()!, row.GetProperty("shots").GetInt32(), row.GetProperty("classes").GetInt32(), row.GetProperty("images").GetInt32())));
        Assert.Equal(rows.Select(row => row.GetProperty("accuracy").GetDouble()), again.Select(row => row.GetProperty("accuracy").GetDouble()));
        Assert.NotEmpty(kept);
        Assert.Equal(kept, Files(cache)); // the second run found every feature
    }

    [Fact]
    public async Task Eval_NoData_SaysWhatToFetch()
    {
        var run = await CliRun.JsonAsync(_home, "eval", "--model", ReferenceData.Golden("vit", "hf"), "--data", _home.Folder("nothing"), "--datasets", "EuroSAT", "--out", _home.File("none"));

        var error = run.RequireFailure(1, "NO_EXAMPLES");
        Assert.Contains("EuroSAT.zip", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INVALID_FIELD", "--alpha", "11")]
    [InlineData("CHECKPOINT_NOT_FOUND", "--features", "none.safetensors")]
    public async Task Eval_ValueThatDoesNotFit_FailsWithItsReason(string reason, string option, string value)
    {
        string[] features = option == "--features" ? [] : ["--features", ReadyFeatures()];
        (await CliRun.JsonAsync(_home, ["eval", .. features, option, value, "--out", _home.File("bad")])).RequireFailure(1, reason);
    }

    private static List<(string Name, long Length, DateTime Written)> Files(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal).Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc))];

    /// <summary>Three classes around three directions.</summary>
    private string ReadyFeatures()
    {
        const int Dimensions = 8, Classes = 3, Tests = 20;
        var random = new Random(5);
        float[] Around(int label, double spread) => [.. Enumerable.Range(0, Dimensions).Select(i => (float)((i == label ? 1 : 0) + (spread * (random.NextDouble() - 0.5))))];
        float[] Rows(int perClass, double spread) => [.. Enumerable.Range(0, Classes * perClass).SelectMany(row => Around(row / perClass, spread))];
        long[] Labels(int perClass) => [.. Enumerable.Range(0, Classes * perClass).Select(row => (long)(row / perClass))];

        var path = _home.File("made.safetensors");
        List<TensorData> tensors = [TensorData.F32("base", Rows(1, 2), Classes, Dimensions), TensorData.F32("test.features", Rows(Tests, 1.5), Classes * Tests, Dimensions), TensorData.I64("test.labels", Labels(Tests), Classes * Tests)];
        foreach (var shots in new[] { 1, 2 })
        {
            tensors.Add(TensorData.F32($"train_{shots}shot.features", Rows(shots, 1.5), Classes * shots, Dimensions));
            tensors.Add(TensorData.I64($"train_{shots}shot.labels", Labels(shots), Classes * shots));
        }

        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { ["backbone"] = "made", ["logit_scale"] = "100" });
        return path;
    }
}
