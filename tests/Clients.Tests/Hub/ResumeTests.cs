using TaskRes.Clients.Tests.Hub.Support;
using TaskRes.Core;

namespace TaskRes.Clients.Tests.Hub;

public sealed class ResumeTests
{
    private const string Name = "openai/clip-small";
    private const int Part = 200_000;

    private static readonly byte[] Weights = SmallModels.Bytes(300_000);

    [Fact]
    public async Task Pull_CutConnection_GoesOnFromWhatHasArrived()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        server.Script(SmallModels.Weights, HubAnswers.CutAfter(Weights, Part, home.Arrivals.Third));

        await home.PullAsync(server, Name);

        Assert.Equal(Weights, home.Read(Name, SmallModels.Weights));
        var ranges = server.DataRequests(SmallModels.Weights).Select(request => request.Range).ToList();
        Assert.Equal(2, ranges.Count);
        Assert.Null(ranges[0]);
        Assert.InRange(long.Parse(ranges[1]!["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture), Weights.Length / 3, Part);
    }

    [Fact]
    public async Task Pull_Stopped_LeavesWhatHasArrivedToTheNext()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        server.Script(SmallModels.Weights, HubAnswers.PauseAfter(Weights, Part, new TaskCompletionSource().Task));
        using var stop = new CancellationTokenSource();
        var pull = home.PullAsync(server, Name, cancellationToken: stop.Token);
        await home.Arrivals.Third;

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
        var arrived = home.Unfinished(Name, SmallModels.Weights);
        await home.PullAsync(server, Name);

        Assert.InRange(arrived, Weights.Length / 3, Part);
        Assert.Equal(Weights, home.Read(Name, SmallModels.Weights));
        Assert.Equal([null, $"bytes={arrived}-"], server.DataRequests(SmallModels.Weights).Select(request => request.Range));
        Assert.Single(server.DataRequests("config.json"));
    }

    [Fact]
    public async Task Pull_SilentServer_TriesAgain()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        server.Script(SmallModels.Weights, HubAnswers.PauseAfter(Weights, Part, new TaskCompletionSource().Task));

        await home.PullAsync(server, Name, with: options => options with { StallTimeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(Weights, home.Read(Name, SmallModels.Weights));
        Assert.Equal(2, server.DataRequests(SmallModels.Weights).Count);
    }

    [Fact]
    public async Task Pull_RestOfAnotherCommit_FetchesTheFileOnceMore()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        var unfinished = Directory.CreateDirectory(home.Store.UnfinishedOf(Name)).FullName;
        await File.WriteAllBytesAsync(Path.Combine(unfinished, SmallModels.Weights), SmallModels.Bytes(1000, seed: 9), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(unfinished, "old.safetensors"), "x", TestContext.Current.CancellationToken);

        await home.PullAsync(server, Name);

        Assert.Equal(["config.json", SmallModels.Weights], home.Files(Name));
        Assert.Equal(Weights, home.Read(Name, SmallModels.Weights));
        Assert.Equal(["bytes=1000-", null], server.DataRequests(SmallModels.Weights).Select(request => request.Range));
    }

    [Fact]
    public async Task Pull_ServerWithoutRanges_StartsTheFileAgain()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        server.Script(SmallModels.Weights, HubAnswers.CutAfter(Weights, Part, home.Arrivals.Third), HubAnswers.WholeBytes(Weights));

        await home.PullAsync(server, Name);

        Assert.Equal(Weights, home.Read(Name, SmallModels.Weights));
        Assert.Equal(2, server.DataRequests(SmallModels.Weights).Count);
    }

    [Fact]
    public async Task Pull_RangeRefused_StartsTheFileAgain()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        server.Script(SmallModels.Weights, HubAnswers.CutAfter(Weights, Part, home.Arrivals.Third), HubAnswers.Status(416));

        await home.PullAsync(server, Name);

        Assert.Equal(Weights, home.Read(Name, SmallModels.Weights));
        Assert.Null(server.DataRequests(SmallModels.Weights)[2].Range);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Pull_AnotherSizeThanListed_IsRefusedAtOnce(int difference)
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, []).With(new HubFile(SmallModels.Weights, Weights, IsLarge: true) { ListedSize = Weights.Length + difference });

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name));

        Assert.Equal(ErrorReason.CheckpointCorrupt, error.Reason);
        Assert.Single(server.DataRequests(SmallModels.Weights));
        Assert.Equal(0, home.Unfinished(Name, SmallModels.Weights));
    }

    [Fact]
    public async Task Pull_MoreThanTheDiskHas_IsRefusedBeforeAnyByte()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, []).With(new HubFile(SmallModels.Weights, Weights, IsLarge: true) { ListedSize = 1L << 50 });

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name));

        Assert.Equal(ErrorReason.LimitExceeded, error.Reason);
        Assert.DoesNotContain(server.Requests, request => request.Data is not null);
    }
}
