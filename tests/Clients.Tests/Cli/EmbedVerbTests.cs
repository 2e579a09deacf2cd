using System.Diagnostics;
using System.Text.Json;
using TaskRes.Core.Safetensors;
using TaskRes.Tests;

namespace TaskRes.Clients.Tests.Cli;

public sealed class EmbedVerbTests(CliHome home) : IClassFixture<CliHome>
{
    private string Tokenizer => SmallTokenizer.Write(home.Folder("tokenizer"));

    [Theory]
    [InlineData("vit", "hf")]
    [InlineData("vit", "openai.pt")]
    [InlineData("rn", "openai.safetensors")]
    public async Task Embed_GoldenImages_EqualsTheReference(string kind, string file)
    {
        var outFile = home.File($"{kind}-{file}.safetensors");

        var run = await CliRun.JsonAsync(
            home, "embed", "--model", ReferenceData.Golden(kind, file), "--tokenizer", Tokenizer, "--precision", "fp32",
            "--images", ReferenceData.Golden("images"), "--out", outFile);

        run.RequireJson();
        using var expected = SafetensorsFile.Open(ReferenceData.Golden(kind, "expected.safetensors"));
        using var actual = SafetensorsFile.Open(outFile);
        Assert.Equal(Names(expected), Names(actual));
        Assert.Equal(expected.Entry("image_features").Shape, actual.Entry("image_features").Shape);
        var (reference, features) = (expected.Floats("image_features"), actual.Floats("image_features"));
        var tolerance = 1e-4f * reference.Max(Math.Abs);
        for (var i = 0; i < reference.Length; i++) Assert.InRange(features[i], reference[i] - tolerance, reference[i] + tolerance);
    }

    [Fact]
    public async Task Embed_Normalized_HasRowsOfLengthOne()
    {
        var outFile = home.File("texts.safetensors");

        var run = await CliRun.JsonAsync(
            home, "embed", "--model", ReferenceData.Golden("vit", "hf"), "--tokenizer", Tokenizer, "--normalize", "--texts", home.Write("texts.txt", "a cat\na dog\n"), "--out", outFile);

        Assert.Equal(("text_features", 2), (run.RequireJson().GetProperty("tensor").GetString(), run.Json.GetProperty("rows").GetInt32()));
        using var file = SafetensorsFile.Open(outFile);
        Assert.All(file.Floats("text_features").Chunk(32), row => Assert.Equal(1, row.Sum(value => value * value), 1e-3f));
    }

    [Fact]
    public async Task Embed_FolderWithoutImages_FailsWithNoExamples() =>
        (await CliRun.JsonAsync(home, "embed", "--model", ReferenceData.Golden("vit", "hf"), "--images", home.Folder("empty"), "--out", home.File("x")))
            .RequireFailure(1, "NO_EXAMPLES");

    [Fact]
    public async Task Embed_DamagedImage_NamesTheFile()
    {
        var image = home.Write("damaged.jpg", "no image");

        var error = (await CliRun.JsonAsync(
            home, "embed", "--model", ReferenceData.Golden("vit", "hf"), "--tokenizer", Tokenizer, "--images", image, "--out", home.File("x"))).RequireFailure(1, "IMAGE_UNREADABLE");

        Assert.Equal(image, error.GetProperty("field").GetString());
        Assert.False(File.Exists(home.File("x")));
    }

    [Theory]
    [InlineData("none", "CHECKPOINT_NOT_FOUND")]
    [InlineData("damaged.safetensors", "CHECKPOINT_CORRUPT")]
    public async Task Embed_ModelNotSound_FailsWithItsReason(string model, string reason)
    {
        if (reason == "CHECKPOINT_CORRUPT") home.Write(model, new string('x', 1000));

        (await CliRun.JsonAsync(
            home, "embed", "--model", home.File(model), "--tokenizer", Tokenizer, "--images", ReferenceData.Golden("images"), "--out", home.File("x"))).RequireFailure(1, reason);
    }

    [Theory]
    [InlineData("fp32", 1e-4)]
    [InlineData("int8", 1e-2)]
    public async Task Embed_OnAServer_EqualsTheReferenceAndListsWhatFailed(string format, double tolerance)
    {
        using var own = new CliHome();
        await using var suite = await RunningSuite.StartAsync(own);
        var (images, outFile) = (own.Folder("images"), own.File("features.safetensors"));
        foreach (var path in Directory.EnumerateFiles(ReferenceData.Golden("images"))) File.Copy(path, Path.Combine(images, Path.GetFileName(path)));
        var damaged = own.Write("images/0-damaged.jpg", "no image");

        var run = await CliRun.JsonAsync(
            own, "embed", "--server", suite.Announcement.GetProperty("server").GetString()!, "--format", format, "--images", images, "--out", outFile);

        Assert.Equal((1, 1), (run.ExitCode, run.Json.GetProperty("failed").GetInt32()));
        Assert.Contains(damaged, run.Stderr, StringComparison.Ordinal);
        using var expected = SafetensorsFile.Open(ReferenceData.Golden("vit", "expected.safetensors"));
        using var actual = SafetensorsFile.Open(outFile);
        Assert.Equal(Names(expected), Names(actual));
        var (reference, features) = (expected.Floats("image_features"), actual.Floats("image_features"));
        Assert.Equal(reference.Length, features.Length);
        var allowed = (float)tolerance * reference.Max(Math.Abs);
        for (var i = 0; i < reference.Length; i++) Assert.InRange(features[i], reference[i] - allowed, reference[i] + allowed);
    }

    [Fact]
    public async Task Embed_TextsOnStdin_AreALineEach()
    {
        var start = home.StartInfo("embed", "--model", ReferenceData.Golden("vit", "hf"), "--tokenizer", Tokenizer, "--texts", "-", "--out", home.File("stdin.safetensors"), "--json");
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync("a cat\na dog\na fish\n");
        process.StandardInput.Close();
        var json = JsonDocument.Parse(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).RootElement;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, 3), (process.ExitCode, json.GetProperty("rows").GetInt32()));
    }

    [Fact]
    public async Task ModelsInfo_GoldenModel_TellsWhatItIs()
    {
        var info = (await CliRun.JsonAsync(home, "models", "info", ReferenceData.Golden("vit", "hf"), "--tokenizer", Tokenizer, "--precision", "fp32")).RequireJson();

        Assert.Equal(
            (32, 32, 16, 640, "fp32"),
            (info.GetProperty("embedding_dimension").GetInt32(), info.GetProperty("image_size").GetInt32(), info.GetProperty("context_length").GetInt32(),
                info.GetProperty("vocabulary_size").GetInt32(), info.GetProperty("precision").GetString()));
        Assert.Matches("^[0-9a-f]{64}$", info.GetProperty("fingerprint").GetString());
        Assert.All(["parameters", "load_seconds", "resident_bytes"], name => Assert.True(info.GetProperty(name).GetDouble() > 0, name));
    }

    [Fact]
    public async Task ModelsList_LibraryWithAModel_ListsIt()
    {
        var library = home.Folder("data", "taskres", "models");
        File.Copy(ReferenceData.Golden("vit", "openai.safetensors"), Path.Combine(library, "small.safetensors"));

        var model = Assert.Single((await CliRun.JsonAsync(home, "models", "list")).RequireJson().EnumerateArray());

        Assert.Equal("small.safetensors", model.GetProperty("name").GetString());
    }

    private static string[] Names(SafetensorsFile file) => JsonSerializer.Deserialize<string[]>(file.Header.Metadata["images"])!;
}
