using TaskRes.Classifier.Heads;
using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;

namespace TaskRes.Services.Tests.Classifier;

public sealed class ResidentTasksTests
{
    private static readonly TaskName Pets = new TenantName("acme").Task("pets");

    [Fact]
    public void Set_OverTheBytes_EvictsTheLeastRecentlyUsed()
    {
        var one = Task(Pets);
        var tasks = new ResidentTasks(maxTasks: 10, maxBytes: 2 * one.Bytes);
        var (birds, fish) = (Pets.Tenant.Task("birds"), Pets.Tenant.Task("fish"));

        tasks.Set(one);
        tasks.Set(Task(birds));
        Assert.True(tasks.TryUse(Pets, out _));
        tasks.Set(Task(fish));

        Assert.Null(tasks.Peek(birds));
        Assert.NotNull(tasks.Peek(Pets));
        Assert.NotNull(tasks.Peek(fish));
    }

    [Fact]
    public void Set_AloneOverTheBytes_StaysUntilTheNext()
    {
        var tasks = new ResidentTasks(maxTasks: 10, maxBytes: 1);
        tasks.Set(Task(Pets));
        Assert.Equal(1, tasks.Count);

        tasks.Set(Task(Pets.Tenant.Task("birds")));
        Assert.Null(tasks.Peek(Pets));
        Assert.Equal(1, tasks.Count);
    }

    [Fact]
    public void TryUse_AnothersTaskOfTheSameId_IsNotFound()
    {
        var tasks = new ResidentTasks(maxTasks: 10, maxBytes: long.MaxValue);
        tasks.Set(Task(Pets));
        Assert.False(tasks.TryUse(new TenantName("other").Task("pets"), out _));
    }

    [Fact]
    public void Set_AgainAndAgain_CountsTheTaskOnce()
    {
        var tasks = new ResidentTasks(maxTasks: 2, maxBytes: 2 * Task(Pets).Bytes);
        tasks.Set(Task(Pets.Tenant.Task("birds")));
        for (var time = 0; time < 100; time++) tasks.Set(Task(Pets));
        Assert.Equal(2, tasks.Count);
    }

    [Fact]
    public void Set_AllUsed_StillMakesRoom()
    {
        var tasks = new ResidentTasks(maxTasks: 2, maxBytes: long.MaxValue);
        foreach (var id in new[] { "pets", "birds", "fish" })
        {
            tasks.Set(Task(Pets.Tenant.Task(id)));
            Assert.True(tasks.TryUse(Pets.Tenant.Task(id), out _));
        }

        Assert.Equal(2, tasks.Count);
        Assert.NotNull(tasks.Peek(Pets.Tenant.Task("fish")));
    }

    [Fact]
    public void SetAndUse_ByManyAtOnce_StaysWithinTheBound()
    {
        var tasks = new ResidentTasks(maxTasks: 8, maxBytes: long.MaxValue);
        Parallel.For(0, 10_000, number =>
        {
            var name = Pets.Tenant.Task($"t{number % 32}");
            if (tasks.TryUse(name, out var task)) Assert.Equal(name, task.Name);
            else tasks.Set(Task(name));
            if (number % 64 == 0) tasks.Remove(name);
        });
        Assert.InRange(tasks.Count, 1, 8);
        Assert.Equal(tasks.Count, tasks.Names.Count);
    }

    private static ServedTask Task(TaskName task)
    {
        var rows = new Matrix(2, 4, [1, 0, 0, 0, 0, 1, 0, 0]);
        return new ServedTask(new ResidentHead(task.Revision("r"), new Head(Revision.ZeroShot(["cat", "dog"], ["a {}."], rows, 100, "f")), "f"));
    }
}
