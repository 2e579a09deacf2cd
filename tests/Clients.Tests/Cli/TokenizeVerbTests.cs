using System.Text.Json;
using TaskRes.Tests;

namespace TaskRes.Clients.Tests.Cli;

public sealed class TokenizeVerbTests(CliHome home) : IClassFixture<CliHome>
{
    [Fact]
    public async Task Tokenize_ReferenceTexts_GivesTheReferenceIds()
    {
        using var golden = JsonDocument.Parse(await File.ReadAllTextAsync(ReferenceData.Shared("golden", "tokens.json"), TestContext.Current.CancellationToken));
        var cases = golden.RootElement.EnumerateArray()
            .Select(entry => (Text: entry.GetProperty("text").GetString()!, Ids: Ids(entry.GetProperty("ids"))))
            .Where(entry => !entry.Text.Contains('\n', StringComparison.Ordinal))
            .ToList();
        var texts = home.Write("texts.txt", string.Join('\n', cases.Select(entry => entry.Text)) + "\n");

        var run = await CliRun.JsonAsync(home, "tokenize", "--model", ReferenceData.Shared("golden", "vit", "hf"), "--texts", texts);

        Assert.Equal(cases.Select(entry => entry.Ids), run.RequireJson().EnumerateArray().Select(Ids));
    }

    [Fact]
    public async Task Tokenize_SmallModel_NeedsNoLibtorchAndEndsAtTheContextLength()
    {
        var tokenizer = SmallTokenizer.Write(home.Folder("tokenizer"));
        var texts = home.Write("small.txt", $"a cat\n\n{string.Join(' ', Enumerable.Repeat("dog", 50))}\n");
        // A folder without libtorch: loading it would fail.
        var run = await CliRun.RunWithAsync(
            home, new() { ["TASKRES_LIBTORCH"] = home.Folder("no-libtorch") }, "tokenize", "--model", ReferenceData.Golden("vit", "hf"), "--tokenizer", tokenizer, "--texts", texts, "--json");

        var ids = run.RequireJson().EnumerateArray().Select(Ids).ToList();
        Assert.Equal(3, ids.Count);
        Assert.All(ids, line => Assert.Equal((SmallTokenizer.StartOfText, SmallTokenizer.EndOfText), (line[0], line[^1])));
        Assert.Equal(2, ids[1].Length);
        Assert.Equal(16, ids[2].Length);
    }

    [Fact]
    public async Task Tokenize_ForPeople_PrintsALineEach()
    {
        var tokenizer = SmallTokenizer.Write(home.Folder("tokenizer"));
        var run = await CliRun.RunAsync(
            home, "tokenize", "--model", ReferenceData.Golden("vit", "openai.safetensors"), "--tokenizer", tokenizer, "--texts", home.Write("two.txt", "a\nb"));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Stdout.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task Tokenize_NoTokenizer_FailsWithTokenizerInvalid() =>
        (await CliRun.JsonAsync(home, "tokenize", "--model", ReferenceData.Golden("vit", "hf"), "--texts", home.Write("t.txt", "a")))
            .RequireFailure(1, "TOKENIZER_INVALID");

    [Fact]
    public async Task Tokenize_NoModel_FailsWithCheckpointNotFound() =>
        (await CliRun.JsonAsync(home, "tokenize", "--model", home.File("none"), "--texts", home.Write("t.txt", "a")))
            .RequireFailure(1, "CHECKPOINT_NOT_FOUND");

    [Fact]
    public async Task Tokenize_NoTexts_NamesTheOption()
    {
        var error = (await CliRun.JsonAsync(home, "tokenize", "--model", ReferenceData.Golden("vit", "hf"), "--texts", home.File("none")))
            .RequireFailure(1, "INVALID_FIELD");

        Assert.Equal("--texts", error.GetProperty("field").GetString());
    }

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt32())];
}
