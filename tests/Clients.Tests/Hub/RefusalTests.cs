using System.Diagnostics;
using TaskRes.Clients.Tests.Hub.Support;
using TaskRes.Core;

namespace TaskRes.Clients.Tests.Hub;

public sealed class RefusalTests
{
    private const string Name = "openai/clip-small";
    private const string Revision = $"/api/models/{Name}/revision/main";

    private static readonly byte[] Weights = SmallModels.Bytes(10_000);

    [Theory]
    [InlineData(null, "set HF_TOKEN")]
    [InlineData("hf_other", "the token may not read this")]
    public async Task Pull_PrivateModel_SaysWhatTheTokenIsFor(string? token, string said)
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.Token = "hf_secret";
        server.AddModel(Name, Weights);

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name, with: options => options with { Token = token }));

        Assert.Equal(ErrorReason.CheckpointNotFound, error.Reason);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.DoesNotContain("hf_", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no/such", null)]
    [InlineData(Name, "no-such")]
    public async Task Pull_UnknownModelOrRevision_IsNotFound(string name, string? revision)
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, name, revision));

        Assert.Equal(ErrorReason.CheckpointNotFound, error.Reason);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Pull_TooManyRequests_WaitsAsLongAsTheServerSays()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        server.Script(SmallModels.Weights, HubAnswers.Status(429, retryAfterSeconds: 1));
        var started = Stopwatch.GetTimestamp();

        await home.PullAsync(server, Name);

        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromSeconds(1));
        Assert.Equal(2, server.DataRequests(SmallModels.Weights).Count);
    }

    [Theory]
    [InlineData(429, ErrorReason.QueueFull)]
    [InlineData(503, ErrorReason.RegistryUnavailable)]
    public async Task Pull_AskedToWaitTooLong_FailsAndTellsHowLong(int status, ErrorReason reason)
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        server.Script(Revision, HubAnswers.Status(status, retryAfterSeconds: 3600));

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name));

        Assert.Equal((reason, TimeSpan.FromHours(1)), (error.Reason, error.RetryAfter));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Pull_ServerThatKeepsFailing_EndsAfterTheLastTry(int status)
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights);
        server.Script(SmallModels.Weights, [.. Enumerable.Repeat(HubAnswers.Status(status), 4)]);

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name));

        Assert.Equal(ErrorReason.RegistryUnavailable, error.Reason);
        Assert.Equal(3, server.DataRequests(SmallModels.Weights).Count);
    }

    [Theory]
    [InlineData("../evil.safetensors")]
    [InlineData("/etc/evil")]
    [InlineData("a/../../evil")]
    [InlineData("a\\..\\evil")]
    [InlineData("evil\nname")]
    public async Task Pull_NamesThatLeadOut_AreRefused(string path)
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, Weights).Small(path, "x");

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name));

        Assert.Equal(ErrorReason.CheckpointCorrupt, error.Reason);
        Assert.Contains("leads out", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Data is not null);
    }

    [Theory]
    [InlineData("pytorch_model.bin", ErrorReason.CheckpointUnsupported)]
    [InlineData("tf_model.h5", ErrorReason.CheckpointNotFound)]
    public async Task Pull_NoWeightsThatAreRead_IsRefused(string weights, ErrorReason reason)
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.Add(Name).Small("config.json", "{}").Large(weights, [1]);

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name));

        Assert.Equal(reason, error.Reason);
        Assert.DoesNotContain(server.Requests, request => request.Data is not null);
    }

    [Fact]
    public async Task Pull_RedirectsWithoutEnd_StopsAtTheLimit()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.Script(Revision, [.. Enumerable.Repeat(HubAnswers.Redirect(new Uri(server.Endpoint, Revision)), 10)]);

        var error = await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name));

        Assert.Equal(ErrorReason.CheckpointNotFound, error.Reason);
        Assert.Equal(6, server.Requests.Count);
    }

    [Theory]
    [InlineData("<html>", ErrorReason.CheckpointCorrupt)]
    [InlineData("null", ErrorReason.CheckpointCorrupt)]
    [InlineData("""{"sha":"../../x"}""", ErrorReason.CheckpointCorrupt)]
    public async Task Pull_AnswerThatIsNoHubs_IsRefused(string answer, ErrorReason reason)
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.Script(Revision, HubAnswers.Text(answer));

        Assert.Equal(reason, (await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name))).Reason);
    }

    [Fact]
    public async Task Pull_EndlessAnswer_StopsAtTheLimit()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.Script(Revision, HubAnswers.Text(new string(' ', 9 << 20)));

        Assert.Equal(ErrorReason.LimitExceeded, (await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, Name))).Reason);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b/c")]
    [InlineData("/etc/passwd")]
    [InlineData(".unfinished/x")]
    [InlineData("a/.locks")]
    [InlineData("a b")]
    public async Task Pull_WhatIsNoName_IsRefused(string name)
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();

        Assert.Equal(ErrorReason.InvalidField, (await Assert.ThrowsAsync<TaskResException>(() => home.PullAsync(server, name))).Reason);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Folder));
    }
}
