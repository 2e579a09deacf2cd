using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Registry;

/// <summary>What holds of the registry on every server: the tests run once on redis-server and once on the embedded one.</summary>
public abstract partial class RegistryContract(string connectionString, bool durable) : IAsyncLifetime
{
    private readonly TestRegistry host = TestRegistry.At(connectionString, durable);
    private readonly TenantName tenant = Samples.Tenant();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ITaskRegistry Registry => host.Registry;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task CreateTaskAsync_NewTask_ReadsBackTheSame()
    {
        var task = Samples.Task(tenant.Task("birds"));
        await Registry.CreateTaskAsync(task, Token);
        Assert.Equivalent(task, await Registry.GetTaskAsync(task.Name, Token), strict: true);
    }

    [Fact]
    public async Task CreateTaskAsync_SameNameAgain_TaskAlreadyExists()
    {
        var task = await CreateAsync("birds");
        await RefusedAsync(ErrorReason.TaskAlreadyExists, () => Registry.CreateTaskAsync(Samples.Task(task, classes: 5), Token));
        Assert.Equal(3, (await Registry.GetTaskAsync(task, Token)).ClassNames.Count);
    }

    [Fact]
    public async Task EveryMethod_UnknownTask_TaskNotFound()
    {
        var task = tenant.Task("none");
        Func<Task>[] calls =
        [
            () => Registry.GetTaskAsync(task, Token),
            () => Registry.DeleteTaskAsync(task, null, Token),
            () => Registry.PutExamplesAsync(task, [Samples.Example(1)], Token),
            () => Registry.ReadExamplesAsync(task, Token),
            () => Registry.CountExamplesAsync(task, Token),
            () => Registry.PublishAsync(task, Samples.Revision(1), Token),
            () => Registry.ReadRevisionAsync(task.Revision("a"), Token),
            () => Registry.GetRevisionAsync(task.Revision("a"), Token),
            () => Registry.ListRevisionsAsync(task, new PageRequest(10, null), Token),
            () => Registry.GetServingAsync(task, Token),
            () => Registry.SetRolloutAsync(task, null, null, Token),
            () => Registry.PromoteAsync(task.Revision("a"), null, Token),
            () => Registry.RollbackAsync(task, null, null, Token),
        ];
        foreach (var call in calls) await RefusedAsync(ErrorReason.TaskNotFound, call);
        Assert.Empty(await host.KeysAsync($"*{tenant.Tenant}}}*"));
    }

    [Fact]
    public async Task ListTasksAsync_InPages_EachOnceByName()
    {
        string[] ids = ["e", "a", "c", "b", "d"];
        foreach (var id in ids) await CreateAsync(id);
        await Registry.CreateTaskAsync(Samples.Task(Samples.Tenant().Task("other-tenant")), Token);

        var seen = new List<string>();
        for (string? token = null; ;)
        {
            var page = await Registry.ListTasksAsync(tenant, new PageRequest(2, token), Token);
            Assert.True(page.Items.Count <= 2);
            seen.AddRange(page.Items.Select(task => task.Name.Task));
            if ((token = page.NextToken) is null) break;
        }

        Assert.Equal(ids.Order(), seen);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(501, null)]
    [InlineData(10, "nonsense!")]
    [InlineData(10, "YWJj")]
    public async Task ListTasksAsync_BadPage_InvalidField(int size, string? token) =>
        await RefusedAsync(ErrorReason.InvalidField, () => Registry.ListTasksAsync(tenant, new PageRequest(size, token), Token));

    [Fact]
    public async Task ListTasksAsync_TokenOfAnotherTenant_InvalidField()
    {
        await CreateAsync("a");
        await CreateAsync("b");
        var page = await Registry.ListTasksAsync(tenant, new PageRequest(1, null), Token);
        await RefusedAsync(ErrorReason.InvalidField, () => Registry.ListTasksAsync(Samples.Tenant(), new PageRequest(1, page.NextToken), Token));
    }

    [Fact]
    public async Task GetTaskAsync_TruncatedValue_RevisionCorruptWithoutKey()
    {
        var task = await CreateAsync("birds");
        byte[] value = (await host.Raw.StringGetAsync(RedisKeys.Task(task)))!;
        await host.Raw.StringSetAsync(RedisKeys.Task(task), value[..^5]);
        var exception = await RefusedAsync(ErrorReason.RevisionCorrupt, () => Registry.GetTaskAsync(task, Token));
        Assert.Contains($"{task}", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("taskres:", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetTaskAsync_ValueOfAnotherTask_RevisionCorrupt()
    {
        var (mine, other) = (await CreateAsync("mine"), await CreateAsync("other"));
        await host.Raw.StringSetAsync(RedisKeys.Task(mine), await host.Raw.StringGetAsync(RedisKeys.Task(other)));
        await RefusedAsync(ErrorReason.RevisionCorrupt, () => Registry.GetTaskAsync(mine, Token));
    }

    [Fact]
    public async Task DeleteTaskAsync_FullTask_LeavesNoKeyAndSparesOthers()
    {
        var (task, neighbour) = (await CreateAsync("birds"), await CreateAsync("birds-2"));
        foreach (var name in new[] { task, neighbour })
        {
            await Registry.PutExamplesAsync(name, [Samples.Example(1), Samples.Example(2)], Token);
            var revision = await Registry.PublishAsync(name, Samples.Revision(1), Token);
            await Registry.PromoteAsync(revision.Name, null, Token);
        }

        await Registry.DeleteTaskAsync(task, null, Token);
        Assert.Empty(await host.KeysAsync($"*{tenant.Tenant}}}:task:birds"));
        Assert.Empty(await host.KeysAsync($"*{tenant.Tenant}}}:task:birds:*"));
        Assert.Equal(2, (await Registry.ReadExamplesAsync(neighbour, Token)).Count);
        await Registry.DeleteTaskAsync(neighbour, null, Token);
        Assert.Empty(await host.KeysAsync($"*{tenant.Tenant}}}*"));
    }

    [Fact]
    public async Task DeleteTaskAsync_BrokenOffBefore_IsTakenUpAgain()
    {
        var task = await CreateAsync("birds");
        await Registry.PutExamplesAsync(task, [Samples.Example(1)], Token);
        // As a process leaves it that died between the record and the rest.
        await host.Raw.StringSetAsync(RedisKeys.TaskDeleting(task), "");
        await host.Raw.KeyDeleteAsync(RedisKeys.Task(task));
        await host.Raw.SortedSetRemoveAsync(RedisKeys.Tasks(tenant), task.Task);

        await RefusedAsync(ErrorReason.Conflict, () => Registry.CreateTaskAsync(Samples.Task(task), Token));
        await Registry.DeleteTaskAsync(task, null, Token);
        Assert.Empty(await host.KeysAsync($"*{tenant.Tenant}}}*"));
        await Registry.CreateTaskAsync(Samples.Task(task), Token);
        Assert.Empty(await Registry.ReadExamplesAsync(task, Token));
    }

    private static async Task<TaskResException> RefusedAsync(ErrorReason reason, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<TaskResException>(call);
        Assert.Equal(reason, exception.Reason);
        return exception;
    }

    private async Task<TaskName> CreateAsync(string id)
    {
        await Registry.CreateTaskAsync(Samples.Task(tenant.Task(id)), Token);
        return tenant.Task(id);
    }
}
