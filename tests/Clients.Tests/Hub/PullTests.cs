using TaskRes.Clients.Tests.Hub.Support;
using TaskRes.Core;

namespace TaskRes.Clients.Tests.Hub;

public sealed class PullTests
{
    private const string Name = "openai/clip-small";
    private const string Token = "hf_secret";

    private static readonly byte[] Weights = SmallModels.Bytes(300_000);

    [Fact]
    public async Task Pull_LargeFilesOnAnotherHost_SendsTheTokenToTheHubAlone()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.Token = Token;
        server.AddModel(Name, Weights);

        var (model, isNew) = await home.PullAsync(server, Name, with: options => options with { Token = Token });

        Assert.True(isNew);
        Assert.Equal(["config.json", SmallModels.Weights], home.Files(Name));
        Assert.Equal(Weights, home.Read(Name, SmallModels.Weights));
        Assert.Equal(["config.json", SmallModels.Weights], model.Files.Select(file => file.Name));
        Assert.All(server.Requests.Where(request => !request.IsCdn), request => Assert.Equal($"Bearer {Token}", request.Authorization));
        Assert.Null(Assert.Single(server.Requests, request => request.IsCdn).Authorization);
    }

    [Fact]
    public async Task Pull_AgainAndIntact_AsksNothing()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        await home.PullAsync(server, Name);
        var requests = server.Requests.Count;

        var (model, isNew) = await home.PullAsync(server, Name, with: options => options with { Offline = true });

        Assert.False(isNew);
        Assert.Equal(requests, server.Requests.Count);
        Assert.Equal(Name, model.Name);
    }

    [Fact]
    public async Task Pull_DamagedFile_FetchesThatFileAlone()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        await home.PullAsync(server, Name);
        File.WriteAllText(Path.Combine(home.Store.PathOf(Name), "config.json"), "{\n"); // as long as it was

        var (_, isNew) = await home.PullAsync(server, Name);

        Assert.True(isNew);
        Assert.Equal("{}"u8.ToArray(), home.Read(Name, "config.json"));
        Assert.Equal(2, server.DataRequests("config.json").Count);
        Assert.Single(server.DataRequests(SmallModels.Weights));
    }

    [Fact]
    public async Task Pull_AnotherRevision_TakesThePlaceOfTheOld()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        var repository = server.AddModel(Name, Weights).Small("vocab.json", "{}");
        await home.PullAsync(server, Name);
        var newWeights = SmallModels.Bytes(100_000, seed: 2);
        server.AddModel(Name, newWeights);

        var (model, _) = await home.PullAsync(server, Name, "v1/x");

        Assert.Equal(("v1/x", newWeights.Length), (model.Revision, home.Read(Name, SmallModels.Weights).Length));
        Assert.NotEqual(repository.Commit, model.Commit);
        Assert.Equal(["config.json", SmallModels.Weights], home.Files(Name));
    }

    [Fact]
    public async Task Pull_WrongChecksum_LetsNothingInAndStartsThatFileAgain()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        server.Script(SmallModels.Weights, HubAnswers.Bytes(SmallModels.Bytes(Weights.Length, seed: 2)));

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name));
        Assert.Equal(ErrorReason.CheckpointCorrupt, error.Reason);
        Assert.False(Directory.Exists(home.Store.PathOf(Name)));
        Assert.Equal(0, home.Unfinished(Name, SmallModels.Weights));

        await home.PullAsync(server, Name);
        Assert.Equal(Weights, home.Read(Name, SmallModels.Weights));
        Assert.Equal([null, null], server.DataRequests(SmallModels.Weights).Select(request => request.Range));
        Assert.Single(server.DataRequests("config.json"));
    }

    [Fact]
    public async Task Pull_ShardedModel_TakesTheIndexAndItsShards()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.Add(Name).Small("config.json", "{}").Small("model.safetensors.index.json", "{}").Large(SmallModels.Weights, Weights)
            .Large("model-00001-of-00002.safetensors", Weights).Large("model-00002-of-00002.safetensors", [1]).Large("onnx/model-0.safetensors", [2]);

        await home.PullAsync(server, Name);

        Assert.Equal(["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json"], home.Files(Name));
    }

    [Fact]
    public async Task Pull_OpenClipFolder_TakesItsWeightsAndConfiguration()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.Add(Name).Small("open_clip_config.json", "{}").Large("open_clip_pytorch_model.bin", [1]).Large("open_clip_model.safetensors", Weights).Small("tokenizer.json", "{}");

        await home.PullAsync(server, Name);

        Assert.Equal(["open_clip_config.json", "open_clip_model.safetensors", "tokenizer.json"], home.Files(Name));
    }

    [Fact]
    public async Task Pull_WhileAnotherPulls_IsRefused()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        var resume = new TaskCompletionSource();
        server.Script(SmallModels.Weights, HubAnswers.PauseAfter(Weights, 200_000, resume.Task));
        var first = home.PullAsync(server, Name);
        await home.Arrivals.Third;

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name));
        resume.SetResult();

        Assert.Equal(ErrorReason.Conflict, error.Reason);
        Assert.True((await first).IsNew);
    }

    [Fact]
    public async Task Pull_FolderThatNoPullMade_IsLeftAlone()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(home.Store.PathOf(Name)).FullName, SmallModels.Weights), "mine");

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name));

        Assert.Equal(ErrorReason.Conflict, error.Reason);
        Assert.Equal("mine"u8.ToArray(), home.Read(Name, SmallModels.Weights));
    }
}
