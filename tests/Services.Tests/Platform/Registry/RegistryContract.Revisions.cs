using System.Collections.Concurrent;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Registry;

public abstract partial class RegistryContract
{
    [Fact]
    public async Task PublishAsync_LargerThanOnePart_ReadsBackTheSameBytes()
    {
        var task = await CreateAsync("birds");
        var revision = Samples.Revision(1, classes: 400, dimension: 1024);
        var record = await Registry.PublishAsync(task, revision, Token);

        Assert.Equal(task.Revision(revision.Id), record.Name);
        Assert.Equal(revision.ToSafetensors(), (await Registry.ReadRevisionAsync(record.Name, Token)).ToSafetensors());
        Assert.Equal(record, await Registry.GetRevisionAsync(record.Name, Token));
        Assert.Equal((75.0, 50.0, 0.25), (record.SupportAccuracy, record.BaseSupportAccuracy, record.FinalLoss));
        Assert.Equal(revision.Settings, record.Settings);
        Assert.Equal(revision.Residual.Values.Average(Math.Abs), record.ResidualMeanAbs, 1e-4);
    }

    [Fact]
    public async Task PublishAsync_SameContentAgain_SameRevisionOnce()
    {
        var task = await CreateAsync("birds");
        var first = await Registry.PublishAsync(task, Samples.Revision(1), Token);
        Assert.Equal(first, await Registry.PublishAsync(task, Samples.Revision(1), Token));
        Assert.Single((await Registry.ListRevisionsAsync(task, new PageRequest(10, null), Token)).Items);
    }

    [Fact]
    public async Task ListRevisionsAsync_InPages_EachOnceNewestFirst()
    {
        var task = await CreateAsync("birds");
        var published = new List<RevisionRecord>();
        for (var seed = 0; seed < 7; seed++) published.Add(await Registry.PublishAsync(task, Samples.Revision(seed), Token));
        // Several of one millisecond, whose order only their ids decide.
        var score = published[3].CreateTime.ToUnixTimeMilliseconds();
        foreach (var record in published[2..5]) await host.Raw.SortedSetAddAsync(RedisKeys.Revisions(task), record.Name.Revision, score);

        var seen = new List<string>();
        for (string? token = null; ;)
        {
            var page = await Registry.ListRevisionsAsync(task, new PageRequest(2, token), Token);
            seen.AddRange(page.Items.Select(revision => revision.Name.Revision));
            if ((token = page.NextToken) is null) break;
        }

        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(7, seen.Count);
        Assert.Equal(published[6].Name.Revision, seen[0]);
    }

    [Fact]
    public async Task PromoteFirstAsync_WhereOneIsLive_LeavesIt()
    {
        var task = await CreateAsync("birds");
        var (first, second) = ((await Registry.PublishAsync(task, Samples.Revision(1), Token)).Name, (await Registry.PublishAsync(task, Samples.Revision(2), Token)).Name);

        await Registry.PromoteFirstAsync(first, Token);
        await Registry.PromoteFirstAsync(second, Token);

        Assert.Equal(first, await Registry.GetLiveAsync(task, Token));
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("flip")]
    [InlineData("garbage")]
    [InlineData("remove")]
    public async Task ReadRevisionAsync_DamagedPart_RevisionCorruptUntilPublishedAgain(string damage)
    {
        var task = await CreateAsync("birds");
        var name = (await Registry.PublishAsync(task, Samples.Revision(1, classes: 300, dimension: 1024), Token)).Name;
        var key = RedisKeys.RevisionPart(name, 1);
        byte[] part = (await host.Raw.StringGetAsync(key))!;
        switch (damage)
        {
            case "truncate": await host.Raw.StringSetAsync(key, part[..^1]); break;
            case "flip": part[100] ^= 1; await host.Raw.StringSetAsync(key, part); break;
            case "garbage": await host.Raw.StringSetAsync(key, "garbage"); break;
            default: await host.Raw.KeyDeleteAsync(key); break;
        }

        var exception = await RefusedAsync(ErrorReason.RevisionCorrupt, () => Registry.ReadRevisionAsync(name, Token));
        Assert.Contains($"{name}", exception.Message, StringComparison.Ordinal);
        await Registry.PublishAsync(task, Samples.Revision(1, classes: 300, dimension: 1024), Token);
        Assert.Equal(name.Revision, (await Registry.ReadRevisionAsync(name, Token)).Id);
    }

    [Fact]
    public async Task PromoteAsync_ThenRollback_ServesWhatWasLiveBefore()
    {
        var task = await CreateAsync("birds");
        Assert.Null(await Registry.GetLiveAsync(task, Token));
        var (a, b) = ((await Registry.PublishAsync(task, Samples.Revision(1), Token)).Name, (await Registry.PublishAsync(task, Samples.Revision(2), Token)).Name);
        await Registry.PromoteAsync(a, null, Token);
        await Registry.PromoteAsync(b, a, Token);
        await Registry.PromoteAsync(b, null, Token);
        Assert.Equal(b, await Registry.GetLiveAsync(task, Token));

        await RefusedAsync(ErrorReason.Conflict, () => Registry.RollbackAsync(task, a, Token));
        Assert.Equal(a, await Registry.RollbackAsync(task, b, Token));
        Assert.Equal(a, await Registry.GetLiveAsync(task, Token));
        await RefusedAsync(ErrorReason.RevisionNotFound, () => Registry.RollbackAsync(task, null, Token));
    }

    [Fact]
    public async Task PromoteAsync_UnknownRevision_RevisionNotFound()
    {
        var task = await CreateAsync("birds");
        await RefusedAsync(ErrorReason.RevisionNotFound, () => Registry.PromoteAsync(task.Revision("abc"), null, Token));
        Assert.Null(await Registry.GetLiveAsync(task, Token));
    }

    [Fact]
    public async Task PromoteAsync_ManyExpectTheSame_OneWins()
    {
        var task = await CreateAsync("birds");
        var names = new List<RevisionName>();
        for (var seed = 0; seed < 9; seed++) names.Add((await Registry.PublishAsync(task, Samples.Revision(seed), Token)).Name);
        await Registry.PromoteAsync(names[0], null, Token);
        await using var second = TestRegistry.At(connectionString, durable);

        var outcomes = await Task.WhenAll(names.Skip(1).Select(async (name, index) =>
        {
            var registry = index % 2 == 0 ? Registry : second.Registry;
            var exception = await Record.ExceptionAsync(() => registry.PromoteAsync(name, names[0], Token));
            return (Name: name, Error: (exception as TaskResException)?.Reason);
        }));

        var winner = Assert.Single(outcomes, outcome => outcome.Error is null);
        Assert.All(outcomes.Where(outcome => outcome != winner), outcome => Assert.Equal(ErrorReason.Conflict, outcome.Error));
        Assert.Equal(winner.Name, await Registry.GetLiveAsync(task, Token));
    }

    [Fact]
    public async Task SubscribeLive_PromotedByAnother_TellsTheTask()
    {
        var task = await CreateAsync("birds");
        var name = (await Registry.PublishAsync(task, Samples.Revision(1), Token)).Name;
        var events = new ConcurrentQueue<TaskName?>();
        await using var second = TestRegistry.At(connectionString, durable);
        using var subscription = second.Registry.SubscribeLive(events.Enqueue);
        await Eventually.HoldsAsync(() => events.Contains(null), "the subscription stands");

        await Registry.PromoteAsync(name, null, Token);
        await Eventually.HoldsAsync(() => events.Contains(task), "the promotion is told");
        events.Clear();
        await Registry.DeleteTaskAsync(task, Token);
        await Eventually.HoldsAsync(() => events.Contains(task), "the deletion is told");
    }

    [Fact]
    public async Task TwoTenants_SameTaskId_ShareNoKey()
    {
        var other = Samples.Tenant();
        await Registry.CreateTaskAsync(Samples.Task(other.Task("birds")), Token);
        var mine = await CreateAsync("birds");
        await Registry.PutExamplesAsync(mine, [Samples.Example(1)], Token);
        await Registry.PromoteAsync((await Registry.PublishAsync(mine, Samples.Revision(1), Token)).Name, null, Token);

        Assert.Empty(await Registry.ReadExamplesAsync(other.Task("birds"), Token));
        Assert.Null(await Registry.GetLiveAsync(other.Task("birds"), Token));
        Assert.Equal(2, (await host.KeysAsync($"*{{{other.Tenant}}}*")).Length);
        await Registry.DeleteTaskAsync(mine, Token);
        Assert.Equal(2, (await host.KeysAsync($"*{{{other.Tenant}}}*")).Length);
    }
}
