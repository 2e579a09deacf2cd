using TaskRes.Classifier.Heads;
using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;

namespace TaskRes.Services.Tests.Classifier;

public sealed class ResidentHeadsTests
{
    private static readonly TaskName Pets = new TenantName("acme").Task("pets");

    [Fact]
    public void Set_OverTheBytes_EvictsTheLeastRecentlyUsed()
    {
        var one = Head(Pets);
        var heads = new ResidentHeads(maxHeads: 10, maxBytes: 2 * one.Bytes);
        var (birds, fish) = (Pets.Tenant.Task("birds"), Pets.Tenant.Task("fish"));

        heads.Set(one);
        heads.Set(Head(birds));
        Assert.True(heads.TryUse(Pets, out _));
        heads.Set(Head(fish));

        Assert.Null(heads.Peek(birds));
        Assert.NotNull(heads.Peek(Pets));
        Assert.NotNull(heads.Peek(fish));
    }

    [Fact]
    public void Set_AloneOverTheBytes_StaysUntilTheNext()
    {
        var heads = new ResidentHeads(maxHeads: 10, maxBytes: 1);
        heads.Set(Head(Pets));
        Assert.Equal(1, heads.Count);

        heads.Set(Head(Pets.Tenant.Task("birds")));
        Assert.Null(heads.Peek(Pets));
        Assert.Equal(1, heads.Count);
    }

    [Fact]
    public void TryUse_AnothersTaskOfTheSameId_IsNotFound()
    {
        var heads = new ResidentHeads(maxHeads: 10, maxBytes: long.MaxValue);
        heads.Set(Head(Pets));
        Assert.False(heads.TryUse(new TenantName("other").Task("pets"), out _));
    }

    private static ResidentHead Head(TaskName task)
    {
        var rows = new Matrix(2, 4, [1, 0, 0, 0, 0, 1, 0, 0]);
        return new ResidentHead(task.Revision("r"), new Head(Revision.ZeroShot(["cat", "dog"], ["a {}."], rows, 100, "f")), "f");
    }
}
