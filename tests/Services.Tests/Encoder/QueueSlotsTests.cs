using TaskRes.Core;
using TaskRes.Encoder.Batching;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;

namespace TaskRes.Services.Tests.Encoder;

public sealed class QueueSlotsTests
{
    private static readonly TenantName A = new("a");
    private static readonly TenantName B = new("b");

    private readonly PassCosts _costs = new();
    private readonly QueueSlots _slots;

    public QueueSlotsTests()
    {
        // A second an image.
        _costs.Images.Observe(1, 1);
        _slots = new QueueSlots(1000, _costs, TimeProvider.System);
    }

    [Fact]
    public void Take_ExpectedWaitBeyondTheDeadline_IsRefusedWithATimeToRetry()
    {
        Take(EmbeddingCaller.Interactive(A), images: 10);

        var refused = Assert.Throws<TaskResException>(() => Take(EmbeddingCaller.Interactive(A, In(seconds: 5)), images: 1));
        Assert.Equal(ErrorReason.QueueFull, refused.Reason);
        Assert.InRange(refused.RetryAfter!.Value.TotalSeconds, 4.9, 6);
        Take(EmbeddingCaller.Interactive(A, In(seconds: 20)), images: 1);
        Assert.Equal(11, _slots.Taken);
    }

    [Fact]
    public void Take_NoDeadline_IsTakenHoweverLongItWaits()
    {
        Take(EmbeddingCaller.Bulk(A), images: 300);
        Take(EmbeddingCaller.Bulk(A), images: 1);
        Assert.Equal(301, _slots.Taken);
    }

    [Fact]
    public void Take_NothingOfItsOwnWaits_IsTakenHoweverNearItsDeadline()
    {
        Take(EmbeddingCaller.Interactive(A), images: 10);
        Take(EmbeddingCaller.Interactive(B, In(seconds: 0.5)), images: 1);
    }

    [Fact]
    public void Take_Interactive_DoesNotWaitForItsOwnBulk()
    {
        Take(EmbeddingCaller.Bulk(A), images: 20);
        Take(EmbeddingCaller.Interactive(A, In(seconds: 1)), images: 1);
        Assert.Throws<TaskResException>(() => Take(EmbeddingCaller.Bulk(A, In(seconds: 1)), images: 1));
    }

    [Fact]
    public void Take_AnotherTenantWaitsToo_ExpectsItsShareOnly()
    {
        Take(EmbeddingCaller.Interactive(B), images: 100);
        Take(EmbeddingCaller.Interactive(A), images: 4);
        // Four seconds of its own at half of the encoder.
        Assert.Throws<TaskResException>(() => Take(EmbeddingCaller.Interactive(A, In(seconds: 6)), images: 1));
        Take(EmbeddingCaller.Interactive(A, In(seconds: 12)), images: 1);
    }

    [Fact]
    public void Release_Everything_LeavesNothing()
    {
        var ticket = Take(EmbeddingCaller.Bulk(A), images: 2);
        ticket.Release(new QueueLoad(1, 0, 0));
        Assert.Equal(1, _slots.Taken);
        ticket.Release(new QueueLoad(1, 0, 0));
        Assert.Equal(0, _slots.Taken);
        Take(EmbeddingCaller.Bulk(A, In(seconds: 0.1)), images: 1);
    }

    private static DateTime In(double seconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds);

    private QueueTicket Take(EmbeddingCaller caller, int images) => _slots.Take(caller, weight: 100, new QueueLoad(images, 0, 0));
}
