namespace TaskRes.Clients.Tests.Cli;

public sealed class UsageTests(CliHome home) : IClassFixture<CliHome>
{
    /// <summary>A port that nothing listens on.</summary>
    private const string Nowhere = "http://127.0.0.1:1";

    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("task")]
    [InlineData("task", "create", "flowers")]
    [InlineData("task", "create", "flowers", "--classes", "a,b", "--classes-file", "f")]
    [InlineData("task", "create", "flowers", "--classes", "a,b", "--base", "magic")]
    [InlineData("task", "show")]
    [InlineData("fit")]
    [InlineData("fit", "--features", "f", "--train", "t", "--alpha", "much")]
    [InlineData("fit", "--features", "f", "--train", "t", "--nonsense")]
    [InlineData("train", "t", "folder", "--alpha", "automatic")]
    [InlineData("train", "t", "folder", "--no-promote", "--if-improved")]
    [InlineData("train", "t", "folder", "--if-improved", "--force")]
    [InlineData("train", "t", "folder", "--method", "magic")]
    [InlineData("fit", "--features", "f", "--train", "t", "--method", "magic")]
    [InlineData("task", "list", "--server", "127.0.0.1:5100")]
    [InlineData("task", "list", "--server", "ftp://host")]
    [InlineData("task", "list", "--server", "nonsense")]
    [InlineData("task", "list", "--server", "static:///")]
    [InlineData("eval", "--features", "f", "--methods", "taskres,magic")]
    [InlineData("eval")]
    [InlineData("eval", "--data", "d")]
    [InlineData("eval", "--features", "f", "--model", "m")]
    [InlineData("eval", "--features", "f", "--datasets", "DTD")]
    [InlineData("eval", "--features", "f", "--shots", "0")]
    [InlineData("eval", "--features", "f", "--seeds", "x")]
    [InlineData("tokenize", "--model", "m")]
    [InlineData("embed", "--model", "m", "--out", "f")]
    [InlineData("embed", "--out", "f", "--images", "i")]
    [InlineData("embed", "--model", "m", "--server", "http://s", "--out", "f", "--images", "i")]
    [InlineData("embed", "--model", "m", "--out", "f", "--images", "i", "--texts", "t")]
    [InlineData("embed", "--model", "m", "--out", "f", "--images", "i", "--precision", "fp8")]
    [InlineData("models", "random", "--arch", "ViT-X", "--out", "d")]
    [InlineData("models", "pull")]
    [InlineData("models", "remove")]
    [InlineData("train", "flowers")]
    [InlineData("train", "flowers", "folder", "--shots", "0")]
    [InlineData("classify", "flowers")]
    [InlineData("classify", "flowers", "image.jpg", "--top", "x")]
    [InlineData("promote", "flowers")]
    [InlineData("export", "flowers")]
    [InlineData("import", "flowers")]
    [InlineData("watch")]
    [InlineData("tenants", "export", "acme")]
    [InlineData("tenants", "import")]
    [InlineData("load")]
    [InlineData("load", "--tasks", ",")]
    [InlineData("load", "--verb", "train")]
    [InlineData("load", "--tasks", "t", "--hit-ratio", "2")]
    [InlineData("load", "--tasks", "t", "--rate", "0")]
    [InlineData("load", "--tasks", "t", "--seconds", "-1")]
    [InlineData("load", "--tasks", "t", "--image-size", "8", "--images", "d")]
    [InlineData("up", "--port", "x")]
    public async Task AnyVerb_BadUsage_ExitsWith2(params string[] arguments)
    {
        var run = await CliRun.JsonAsync(home, arguments);

        var error = run.RequireFailure(2, "BAD_USAGE");
        Assert.Contains("--help", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadUsage_WithoutJson_LeavesStdoutEmpty()
    {
        var run = await CliRun.RunAsync(home, "task", "lst");

        Assert.Equal((2, ""), (run.ExitCode, run.Stdout));
        Assert.Equal("taskres: BAD_USAGE: 'lst' is not known here. See 'taskres task --help'.", run.Stderr.Trim());
    }

    [Theory]
    [InlineData("task", "list")]
    [InlineData("task", "show", "flowers")]
    [InlineData("task", "delete", "flowers")]
    [InlineData("task", "create", "flowers", "--classes", "daisy,rose")]
    [InlineData("revisions", "flowers")]
    [InlineData("promote", "flowers", "abc")]
    [InlineData("rollback", "flowers")]
    [InlineData("rollout", "flowers")]
    [InlineData("export", "flowers", "--out", "f.safetensors")]
    [InlineData("watch", "tenants/default/tasks/flowers/jobs/1")]
    public async Task VerbWithServer_NoServer_SaysWhereAndWhatToDo(params string[] arguments)
    {
        var run = await CliRun.JsonAsync(home, [.. arguments, "--server", Nowhere]);

        var message = run.RequireFailure(1, "UNAVAILABLE").GetProperty("message").GetString();
        Assert.Contains(Nowhere, message, StringComparison.Ordinal);
        Assert.Contains("taskres up", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerbWithServer_ListOfServers_AsksThem()
    {
        const string Two = "static:///127.0.0.1:1,127.0.0.1:2";

        var message = (await CliRun.JsonAsync(home, "task", "list", "--server", Two)).RequireFailure(1, "UNAVAILABLE").GetProperty("message").GetString();

        Assert.Contains(Two, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_OfTheRoot_NamesEveryVerb()
    {
        var run = await CliRun.RunAsync(home, "--help");

        Assert.Equal(0, run.ExitCode);
        Assert.All(
            ["demo", "tokenize", "embed", "fit", "models", "up", "tenants", "keys", "audit", "usage", "task", "train", "watch", "evaluate", "classify", "difficulty", "revisions", "promote", "rollback", "rollout", "compare", "export", "import", "load"],
            verb => Assert.Contains($"\n  {verb} ", run.Stdout, StringComparison.Ordinal));
    }
}
