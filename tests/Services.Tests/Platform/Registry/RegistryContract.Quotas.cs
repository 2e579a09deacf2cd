using TaskRes.Core;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Registry;

public abstract partial class RegistryContract
{
    [Fact]
    public async Task CreateTaskAsync_ManyAtOnce_NoMoreThanTheQuota()
    {
        await using var limited = Limited(new QuotaOptions { Tasks = 5 });
        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            try
            {
                await limited.Registry.CreateTaskAsync(Samples.Task(tenant.Task($"task-{number}")), Token);
                return true;
            }
            catch (TaskResException exception) when (exception.Reason == ErrorReason.QuotaExceeded)
            {
                return false;
            }
        }));

        Assert.Equal(5, made.Count(done => done));
        Assert.Equal(5, (await Registry.ListTasksAsync(tenant, new PageRequest(100, null), Token)).Items.Count);
    }

    [Fact]
    public async Task PublishAsync_BeyondTheQuota_OldestGoButNotZeroShotNorThoseLately()
    {
        await using var limited = Limited(new QuotaOptions { RevisionsPerTask = 10 });
        var (task, zeroShot) = (tenant.Task("birds"), Samples.Revision(0));
        await limited.Registry.CreateTaskAsync(Samples.Task(task) with { ZeroShotRevision = zeroShot.Id }, Token);
        var published = new List<RevisionRecord>();
        for (var seed = 0; seed < 16; seed++)
        {
            published.Add(await limited.Registry.PublishAsync(task, Samples.Revision(seed), Token));
            if (seed is 1 or 2) await limited.Registry.PromoteAsync(published[seed].Name, expected: null, Token);
            if (seed is 4) await limited.Registry.SetRolloutAsync(task, new Rollout { Shadow = published[3].Name }, expected: null, Token);
        }

        var kept = (await Registry.ListRevisionsAsync(task, new PageRequest(100, null), Token)).Items.Select(revision => revision.Name).ToHashSet();
        Assert.Equal(10, kept.Count);
        Assert.All(new[] { 0, 1, 2, 3, 15 }, seed => Assert.Contains(published[seed].Name, kept));
        foreach (var name in kept) await Registry.ReadRevisionAsync(name, Token);
        // An index entry and one part of each.
        Assert.Equal(2 * kept.Count, (await host.KeysAsync($"{RedisKeys.Task(task)}:revision:*")).Length);
        Assert.Equal(published[1].Name, await Registry.RollbackAsync(task, new ServingExpectation(published[2].Name), null, Token));

        var gone = published.First(revision => !kept.Contains(revision.Name)).Name;
        await RefusedAsync(ErrorReason.RevisionNotFound, () => Registry.ReadRevisionAsync(gone, Token));
        await limited.Registry.PublishAsync(task, Samples.Revision(published.FindIndex(revision => revision.Name == gone)), Token);
        await Registry.ReadRevisionAsync(gone, Token);
    }

    private TestRegistry Limited(QuotaOptions quotas) => new(
        new RedisOptions { Cache = connectionString, Registry = connectionString, RequireDurableRegistry = durable }, quotas: quotas);
}
