using System.Diagnostics;
using TaskRes.Clients.Tests.Cli;
using TaskRes.Clients.Tests.Hub.Support;
using TaskRes.Tests;

namespace TaskRes.Clients.Tests.Hub;

/// <summary>The verbs as users run them, each in a process of its own.</summary>
public sealed class PullVerbTests(CliHome home) : IClassFixture<CliHome>
{
    private const string Name = "openai/clip-small";

    [Fact]
    public async Task Pull_SmallClip_IsFoundByItsNameUntilItIsRemoved()
    {
        await using var server = await HubServer.StartAsync();
        var repository = server.AddClip(Name, home);
        server.Token = "hf_secret";
        var tokenFile = home.Write("token", "hf_secret\n");
        var environment = new Dictionary<string, string> { ["HF_ENDPOINT"] = server.Endpoint.AbsoluteUri, ["HF_TOKEN_PATH"] = tokenFile, ["TASKRES_MODELS"] = home.Folder("trip") };
        Task<CliRun> Run(params string[] arguments) => CliRun.RunWithAsync(home, environment, [.. arguments, "--json"]);

        var pulled = (await Run("models", "pull", Name)).RequireJson();
        Assert.True(pulled.GetProperty("pulled").GetBoolean());
        Assert.False((await Run("models", "pull", Name)).RequireJson().GetProperty("pulled").GetBoolean());

        var listed = Assert.Single((await Run("models", "list")).RequireJson().EnumerateArray());
        Assert.Equal((Name, pulled.GetProperty("path").GetString()), (listed.GetProperty("name").GetString(), listed.GetProperty("path").GetString()));

        var ids = (await Run("tokenize", "--model", Name, "--texts", home.Write("texts.txt", "a cat\n"))).RequireJson();
        Assert.Equal(SmallTokenizer.StartOfText, ids[0][0].GetInt32());
        var info = (await Run("models", "info", Name)).RequireJson();
        Assert.Equal(repository.Commit, info.GetProperty("source").GetProperty("commit").GetString());
        Assert.True(info.GetProperty("parameters").GetInt64() > 0);

        (await Run("models", "remove", Name)).RequireJson();
        (await Run("models", "info", Name)).RequireFailure(1, "CHECKPOINT_NOT_FOUND");
    }

    [Fact]
    public async Task Info_ArchiveOfTheStore_IsFoundByOpenAisName()
    {
        var store = home.Folder("archives");
        File.Copy(ReferenceData.Golden("vit", "openai.pt"), Path.Combine(home.Folder("archives", "ViT-B", "32"), "ViT-B-32.pt"));

        var run = await CliRun.RunWithAsync(home, new() { ["TASKRES_MODELS"] = store }, "models", "info", "ViT-B/32", "--json");

        Assert.Equal("ViT-B-32.pt", run.RequireJson().GetProperty("name").GetString());
    }

    [Fact]
    public async Task Pull_OverAProxy_GoesThroughIt()
    {
        await using var server = await HubServer.StartAsync();
        server.AddModel(Name, SmallModels.Bytes(1000));
        var environment = new Dictionary<string, string> { ["http_proxy"] = server.Endpoint.AbsoluteUri, ["no_proxy"] = "127.0.0.1", ["TASKRES_MODELS"] = home.Folder("proxy") };

        (await CliRun.RunWithAsync(home, environment, "models", "pull", Name, "--endpoint", "http://hub.invalid", "--json")).RequireJson();

        Assert.All(server.Requests.Where(request => !request.IsCdn), request => Assert.Equal("hub.invalid", request.Host));
    }

    [Fact]
    public async Task Pull_Offline_FetchesNothing()
    {
        await using var server = await HubServer.StartAsync();
        var environment = new Dictionary<string, string> { ["HF_HUB_OFFLINE"] = "1", ["HF_ENDPOINT"] = server.Endpoint.AbsoluteUri };

        (await CliRun.RunWithAsync(home, environment, "models", "pull", Name, "--json")).RequireFailure(1, "REGISTRY_UNAVAILABLE");

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Pull_Interrupted_EndsInOrderAndGoesOnLater()
    {
        await using var server = await HubServer.StartAsync();
        var weights = SmallModels.Bytes(3_000_000);
        server.AddModel(Name, weights);
        server.Script(SmallModels.Weights, HubAnswers.PauseAfter(weights, 1_000_000, new TaskCompletionSource().Task));
        var store = home.Folder("interrupted");
        string[] arguments = ["models", "pull", Name, "--endpoint", server.Endpoint.AbsoluteUri, "--json"];
        var start = home.StartInfo(arguments);
        start.Environment["TASKRES_MODELS"] = store;
        using var process = Process.Start(start)!;
        await UntilAsync(() => process.HasExited || new FileInfo(Path.Combine(store, ".unfinished", Name, SmallModels.Weights)) is { Exists: true, Length: 1_000_000 });

        using (var kill = Process.Start(Need.Program("kill"), ["-INT", $"{process.Id}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("CANCELLED", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        (await CliRun.RunWithAsync(home, new() { ["TASKRES_MODELS"] = store }, arguments)).RequireJson();

        Assert.Equal([null, "bytes=1000000-"], server.DataRequests(SmallModels.Weights).Select(request => request.Range));
    }

    /// <summary>On a real disk, of 8 MB, that something else fills in the middle of the download and later sets free.</summary>
    [Fact]
    public async Task Pull_DiskThatFills_KeepsWhatHasArrivedAndGoesOnLater()
    {
        await using var server = await HubServer.StartAsync();
        var weights = SmallModels.Bytes(6_000_000);
        server.AddModel(Name, weights);
        var resume = new TaskCompletionSource();
        server.Script(SmallModels.Weights, HubAnswers.PauseAfter(weights, 1_000_000, resume.Task));
        var disk = home.Folder("disk");
        var start = home.StartInfo();
        var pull = $"'{start.FileName}' models pull {Name} --endpoint {server.Endpoint} --json";
        start.ArgumentList.Clear();
        foreach (var argument in new[] { "-rm", "sh", "-c", $"mount -t tmpfs -o size=8m none '{disk}' && {pull}; rm -f '{disk}/filler'; echo; {pull}" }) start.ArgumentList.Add(argument);
        start.FileName = Need.Program("unshare");
        start.Environment["TASKRES_MODELS"] = disk;
        Need.That(await CanMountAsync(start.FileName, disk), "a disk of its own cannot be mounted here");

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var inside = $"/proc/{process.Id}/root{disk}";
        await UntilAsync(() => process.HasExited || new FileInfo($"{inside}/.unfinished/{Name}/{SmallModels.Weights}") is { Exists: true, Length: 1_000_000 });
        Fill($"{inside}/filler");
        resume.SetResult();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("\"LIMIT_EXCEEDED\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("the disk is full", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"pulled\":true", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("bytes=1", server.DataRequests(SmallModels.Weights)[1].Range, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds()) await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    private static async Task<bool> CanMountAsync(string unshare, string disk)
    {
        using var process = Process.Start(new ProcessStartInfo(unshare, ["-rm", "mount", "-t", "tmpfs", "none", disk]) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }

    private static void Fill(string path)
    {
        using var filler = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) filler.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // That is what it is for.
        }
    }
}
