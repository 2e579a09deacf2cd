using TaskRes.Encoder.Batching;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;

namespace TaskRes.Services.Tests.Encoder;

public sealed class WaitingItemsTests
{
    private const int MaxBatch = 8;

    private static readonly TenantName A = new("a");
    private static readonly TenantName B = new("b");

    private readonly PassCosts _costs = new();
    private readonly WaitingItems _waiting;
    private readonly QueueSlots _slots;
    private readonly Dictionary<TenantName, double> _seconds = [];
    private long _now;

    public WaitingItemsTests()
    {
        _waiting = Waiting(seconds: 1000);
        _slots = new QueueSlots(100_000, _costs, TimeProvider.System);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(50, 100)]
    public void Take_TwoTenantsAlwaysWaiting_ShareTheTimeByWeight(int weightOfA, int weightOfB)
    {
        Add(A, 2000, weightOfA);
        Add(B, 2000, weightOfB);
        Run(passes: 100);

        Assert.Equal((double)weightOfA / weightOfB, _seconds[A] / _seconds[B], 0.1 * weightOfA / weightOfB);
    }

    [Fact]
    public void Take_OneTenantsItemsCostTenTimesMore_TheTimeIsSharedAndNotTheItems()
    {
        Add(A, 4000, texts: true);
        Add(B, 4000);
        Run(passes: 200);

        Assert.Equal(1, _seconds[A] / _seconds[B], 0.15);
    }

    [Fact]
    public void Take_OneTenantAlone_FillsItsBatches()
    {
        Add(A, 5 * MaxBatch);
        for (var pass = 0; pass < 5; pass++) Assert.Equal(MaxBatch, Pass().Count);
        Assert.Empty(Pass());
    }

    [Fact]
    public void Take_ATenantWithLittle_IsInTheNextPassAndTheRestFillsIt()
    {
        Add(A, 1000);
        Run(passes: 10);
        Add(B, 1);

        var batch = Pass();
        Assert.Equal(MaxBatch, batch.Count);
        Assert.Single(batch, item => item.Tenant == B);
    }

    [Fact]
    public void Take_ATenantThatWasAway_HasNoMoreThanItsShareNow()
    {
        Add(A, 5000);
        Add(B, 1);
        Run(passes: 200);
        _seconds.Clear();
        Add(B, 5000);
        Run(passes: 40);

        Assert.Equal(1, _seconds[A] / _seconds[B], 0.1);
    }

    [Fact]
    public void Take_Probe_GoesFirstAndAlone()
    {
        Add(A, 10);
        _waiting.Add(new TextItem([1], ticket: null, _now, CancellationToken.None));

        Assert.True(Assert.Single(_waiting.Take()).IsProbe);
        Assert.Equal(MaxBatch, Pass().Count);
    }

    [Fact]
    public void Take_ItemsThatNobodyAwaits_AreLeftOutAndNotCharged()
    {
        Add(A, 3);
        var gone = new TextItem([1], _slots.Take(EmbeddingCaller.Interactive(A), 1, new QueueLoad(0, 1, 1)), 0, CancellationToken.None);
        gone.Fail(BatchQueue.Stopped());
        _waiting.Add(gone);

        Assert.Equal(3, Pass().Count);
        Assert.Empty(Pass());
    }

    [Fact]
    public void Take_InteractiveAfterBulk_GoesFirstAndTheBulkFillsTheBatch()
    {
        Add(A, 20, bulk: true);
        Add(A, 3);

        Assert.Equal([.. Enumerable.Repeat(EmbeddingPriority.Interactive, 3), .. Enumerable.Repeat(EmbeddingPriority.Bulk, MaxBatch - 3)], Pass().Select(item => item.Priority));
    }

    [Fact]
    public void Take_OfWhatIsExpectedToTakeTooLong_IsFewerButOneAtTheLeast()
    {
        // 10 s and 1 s an image.
        for (var count = 1; count <= 4; count++) _costs.Images.Observe(count, 10 + count);
        var waiting = Waiting(seconds: 13.5);
        for (var i = 0; i < 5; i++) waiting.Add(Item(A));
        Assert.Equal(3, waiting.Take().Count);

        waiting = Waiting(seconds: 5);
        for (var i = 0; i < 2; i++) waiting.Add(Item(A));
        Assert.Single(waiting.Take());
    }

    [Theory]
    [InlineData(1, 4.4, true)]
    [InlineData(1, 4.6, false)]
    [InlineData(4, 1.1, true)]
    [InlineData(4, 1.3, false)]
    [InlineData(MaxBatch, 0, false)]
    public void PaysToWait_AtAFixedCostOfTenItems_WeighsThePassSavedAgainstTheWaiting(int waiting, double interval, bool pays)
    {
        for (var count = 1; count <= 4; count++) _costs.Images.Observe(count, 10 + count);
        Add(A, waiting);
        Assert.Equal(pays, _waiting.PaysToWait(interval));
    }

    [Fact]
    public void PaysToWait_NothingWaitsOrNothingIsKnown_No()
    {
        Assert.False(_waiting.PaysToWait(0));
        Add(A, 1);
        Assert.False(_waiting.PaysToWait(0));
    }

    private WaitingItems Waiting(double seconds) => new(new BatchBounds(MaxBatch, seconds), _costs, item => item.Answer.IsCompleted);

    private ImageItem Item(TenantName tenant) => new(_slots.Take(EmbeddingCaller.Interactive(tenant), 1, new QueueLoad(1, 0, 0)), _now++, CancellationToken.None);

    private void Add(TenantName tenant, int count, int weight = 1, bool texts = false, bool bulk = false)
    {
        for (var i = 0; i < count; i++)
        {
            var caller = bulk ? EmbeddingCaller.Bulk(tenant) : EmbeddingCaller.Interactive(tenant);
            var ticket = _slots.Take(caller, weight, texts ? new QueueLoad(0, 1, 1) : new QueueLoad(1, 0, 0));
            _waiting.Add(texts ? new TextItem([1], ticket, _now++, CancellationToken.None) : new ImageItem(ticket, _now++, CancellationToken.None));
        }
    }

    private void Run(int passes)
    {
        for (var pass = 0; pass < passes; pass++) Assert.Equal(MaxBatch, Pass().Count);
    }

    // An image takes a second and a text ten.
    private List<EncodeItem> Pass()
    {
        var batch = _waiting.Take();
        if (batch.Count == 0) return batch;
        var seconds = batch[0] is TextItem ? 10.0 : 1.0;
        foreach (var item in batch) _seconds[item.Tenant] = _seconds.GetValueOrDefault(item.Tenant) + seconds;
        _waiting.Settle(batch, TimeSpan.FromSeconds(seconds * batch.Count));
        return batch;
    }
}
