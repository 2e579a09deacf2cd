using System.Collections.Concurrent;
using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;
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
    public async Task GetRevisionAsync_DamagedEvidence_RevisionCorrupt()
    {
        var record = await Registry.PublishAsync(await CreateAsync("birds"), Samples.Revision(1), Token);
        var sound = new HeldOutEvidence(Verdict.Improves, 4, 20, 0.5, 0.75, 1.25, 0.7, 0.1, 0.9);
        Task StoreAsync(HeldOutEvidence evidence) => host.Raw.StringSetAsync(RedisKeys.Revision(record.Name), RevisionRecords.Seal(record with { Evidence = evidence }, []));

        foreach (var damaged in new[] { sound with { Verdict = 0 }, sound with { Accuracy = 1.5 }, sound with { Loss = double.NaN }, sound with { GainLow = 2 } })
        {
            await StoreAsync(damaged);
            await RefusedAsync(ErrorReason.RevisionCorrupt, () => Registry.GetRevisionAsync(record.Name, Token));
        }

        await StoreAsync(sound);
        Assert.Equal(sound, (await Registry.GetRevisionAsync(record.Name, Token)).Evidence);
    }

    [Fact]
    public async Task PromoteAsync_ThenRollback_ServesWhatWasLiveBefore()
    {
        var task = await CreateAsync("birds");
        Assert.Null((await Registry.GetServingAsync(task, Token)).Live);
        var (a, b) = ((await Registry.PublishAsync(task, Samples.Revision(1), Token)).Name, (await Registry.PublishAsync(task, Samples.Revision(2), Token)).Name);
        await Registry.PromoteAsync(a, null, Token);
        await Registry.PromoteAsync(b, new ServingExpectation(a), Token);
        await Registry.PromoteAsync(b, null, Token);
        Assert.Equal(b, (await Registry.GetServingAsync(task, Token)).Live);

        await RefusedAsync(ErrorReason.Conflict, () => Registry.RollbackAsync(task, new ServingExpectation(a), null, Token));
        Assert.Equal(a, await Registry.RollbackAsync(task, new ServingExpectation(b), null, Token));
        Assert.Equal(a, (await Registry.GetServingAsync(task, Token)).Live);
        await RefusedAsync(ErrorReason.RevisionNotFound, () => Registry.RollbackAsync(task, null, null, Token));
    }

    [Fact]
    public async Task SetRolloutAsync_UntilAnotherGoesLive_StandsBesideTheLiveOne()
    {
        var task = await CreateAsync("birds");
        var names = new List<RevisionName>();
        for (var seed = 0; seed < 3; seed++) names.Add((await Registry.PublishAsync(task, Samples.Revision(seed), Token)).Name);
        var rollout = new Rollout { Canary = names[1], CanaryPercent = 12.5, Shadow = names[2] };
        await RefusedAsync(ErrorReason.NoLiveRevision, () => Registry.SetRolloutAsync(task, rollout, null, Token));

        await Registry.PromoteAsync(names[0], null, Token);
        await Registry.SetRolloutAsync(task, rollout, null, Token);
        Assert.Equal(new Serving(names[0], rollout), await Registry.GetServingAsync(task, Token));
        await RefusedAsync(ErrorReason.InvalidField, () => Registry.SetRolloutAsync(task, rollout with { Shadow = names[0] }, null, Token));
        await RefusedAsync(ErrorReason.RevisionNotFound, () => Registry.SetRolloutAsync(task, rollout with { Shadow = task.Revision("abc") }, null, Token));
        Assert.Equal(new Serving(names[0], rollout), await Registry.GetServingAsync(task, Token));

        await Registry.PromoteAsync(names[1], null, Token);
        Assert.Equal(new Serving(names[1], null), await Registry.GetServingAsync(task, Token));
        await Registry.SetRolloutAsync(task, new Rollout { Shadow = names[2] }, null, Token);
        await Registry.SetRolloutAsync(task, null, null, Token);
        Assert.Equal(new Serving(names[1], null), await Registry.GetServingAsync(task, Token));
        await Registry.SetRolloutAsync(task, new Rollout { Shadow = names[2] }, null, Token);
        await Registry.RollbackAsync(task, null, null, Token);
        Assert.Equal(new Serving(names[0], null), await Registry.GetServingAsync(task, Token));
    }

    [Fact]
    public async Task GetServingAsync_DamagedRollout_RevisionCorruptUntilSetAgain()
    {
        var task = await CreateAsync("birds");
        var (a, b) = ((await Registry.PublishAsync(task, Samples.Revision(1), Token)).Name, (await Registry.PublishAsync(task, Samples.Revision(2), Token)).Name);
        await Registry.PromoteAsync(a, null, Token);
        await host.Raw.StringSetAsync(RedisKeys.Rollout(task), "garbage");
        await RefusedAsync(ErrorReason.RevisionCorrupt, () => Registry.GetServingAsync(task, Token));

        await Registry.SetRolloutAsync(task, new Rollout { Shadow = b }, null, Token);
        Assert.Equal(b, (await Registry.GetServingAsync(task, Token)).Rollout?.Shadow);
    }

    [Fact]
    public async Task Changes_WithAnEtagOfBefore_ConflictAndChangeNothing()
    {
        var task = await CreateAsync("birds");
        var (a, b) = ((await Registry.PublishAsync(task, Samples.Revision(1), Token)).Name, (await Registry.PublishAsync(task, Samples.Revision(2), Token)).Name);
        await Registry.PromoteAsync(a, new ServingExpectation(Etag: await EtagAsync(task)), Token);
        var seen = new HashSet<string> { await EtagAsync(task) };
        var stale = new ServingExpectation(Etag: await EtagAsync(task));
        await Registry.SetRolloutAsync(task, new Rollout { Canary = b, CanaryPercent = 1 }, stale, Token);
        Assert.True(seen.Add(await EtagAsync(task)));

        await RefusedAsync(ErrorReason.Conflict, () => Registry.PromoteAsync(b, stale, Token));
        await RefusedAsync(ErrorReason.Conflict, () => Registry.RollbackAsync(task, stale, null, Token));
        await RefusedAsync(ErrorReason.Conflict, () => Registry.SetRolloutAsync(task, null, stale, Token));
        await RefusedAsync(ErrorReason.Conflict, () => Registry.DeleteTaskAsync(task, stale.Etag, Token));
        Assert.False(seen.Add(await EtagAsync(task)));

        await Registry.SetRolloutAsync(task, new Rollout { Canary = b, CanaryPercent = 2 }, null, Token);
        Assert.True(seen.Add(await EtagAsync(task)));
        await Registry.DeleteTaskAsync(task, await EtagAsync(task), Token);
        await RefusedAsync(ErrorReason.TaskNotFound, () => Registry.GetTaskAsync(task, Token));

        async Task<string> EtagAsync(TaskName name) => (await Registry.GetServingAsync(name, Token)).EtagOf(await Registry.GetTaskAsync(name, Token));
    }

    [Fact]
    public async Task PromoteAsync_UnknownRevision_RevisionNotFound()
    {
        var task = await CreateAsync("birds");
        await RefusedAsync(ErrorReason.RevisionNotFound, () => Registry.PromoteAsync(task.Revision("abc"), null, Token));
        Assert.Null((await Registry.GetServingAsync(task, Token)).Live);
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
            var exception = await Record.ExceptionAsync(() => registry.PromoteAsync(name, new ServingExpectation(names[0]), Token));
            return (Name: name, Error: (exception as TaskResException)?.Reason);
        }));

        var winner = Assert.Single(outcomes, outcome => outcome.Error is null);
        Assert.All(outcomes.Where(outcome => outcome != winner), outcome => Assert.Equal(ErrorReason.Conflict, outcome.Error));
        Assert.Equal(winner.Name, (await Registry.GetServingAsync(task, Token)).Live);
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
        await Registry.DeleteTaskAsync(task, null, Token);
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
        Assert.Null((await Registry.GetServingAsync(other.Task("birds"), Token)).Live);
        Assert.Equal(2, (await host.KeysAsync($"*{{{other.Tenant}}}*")).Length);
        await Registry.DeleteTaskAsync(mine, null, Token);
        Assert.Equal(2, (await host.KeysAsync($"*{{{other.Tenant}}}*")).Length);
    }
}
