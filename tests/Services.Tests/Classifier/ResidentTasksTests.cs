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

    private static ServedTask Task(TaskName task)
    {
        var rows = new Matrix(2, 4, [1, 0, 0, 0, 0, 1, 0, 0]);
        return new ServedTask(new ResidentHead(task.Revision("r"), new Head(Revision.ZeroShot(["cat", "dog"], ["a {}."], rows, 100, "f")), "f"));
    }
}
