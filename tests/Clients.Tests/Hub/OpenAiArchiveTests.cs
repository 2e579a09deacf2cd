using TaskRes.Cli.Hub;
using TaskRes.Clients.Tests.Hub.Support;
using TaskRes.Core;

namespace TaskRes.Clients.Tests.Hub;

public sealed class OpenAiArchiveTests
{
    private const string Weights = "/clip/models/40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af/ViT-B-32.pt";
    private const string Merges = "/openai/CLIP/d05afc436d78f1c48dc0dbf8e5980a9d471f35f6/clip/bpe_simple_vocab_16e6.txt.gz";
    private const int MergesSize = 1_356_917;

    [Fact]
    public async Task Pull_WrongMerges_AreRefusedByThePublishedChecksum()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddFile(Weights, SmallModels.Bytes(1000));
        server.AddFile(Merges, SmallModels.Bytes(MergesSize));

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, "ViT-B/32", with: options => options with { Token = "hf_secret" }));

        Assert.Equal(ErrorReason.CheckpointCorrupt, error.Reason);
        Assert.Contains("924691ac288e5440", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home.Store.PathOf("ViT-B/32")));
        Assert.Equal([("HEAD", Weights), ("GET", Merges)], server.Requests.Select(request => (request.Method, request.Path)));
        Assert.All(server.Requests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task Download_WrongWeights_AreRefusedByThePublishedChecksum()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        var options = new HubOptions();
        using var client = new HubClient(options);
        var retries = new Retries(options);
        server.AddFile(Weights, SmallModels.Bytes(1000));
        var model = await new OpenAiArchive(client, retries, server.Endpoint).FindAsync("ViT-B/32", TestContext.Current.CancellationToken);
        var path = Path.Combine(home.Folder, "weights");

        var error = await Assert.ThrowsAsync<TaskResException>(() =>
            new Download(client, retries).RunAsync(model.Files[^1], path, _ => { }, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorReason.CheckpointCorrupt, error.Reason);
        Assert.Contains("40d365715913c9da", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Pull_RevisionOfAnArchive_IsRefused()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, "RN50", "main"));

        Assert.Equal((ErrorReason.InvalidField, "--revision"), (error.Reason, error.Field));
        Assert.Empty(server.Requests);
    }
}
