using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Usage;

namespace TaskRes.Services.Tests.Platform.Usage;

public sealed class UsageLedgerTests
{
    private static readonly TenantName A = new("a"), B = new("b");

    private readonly UsageLedger _ledger = new();

    [Fact]
    public void Take_Counted_IsGivenOnce()
    {
        _ledger.Add(A, UsageCount.Requests, 2);
        _ledger.Add(A, UsageCount.Requests);
        _ledger.Add(B, UsageCount.EncoderMicroseconds, TimeSpan.FromMilliseconds(1.5));

        var taken = _ledger.Take().ToDictionary(used => used.Tenant, used => used.Amounts);
        Assert.Equal((3, 1500), (taken[A][(int)UsageCount.Requests], taken[B][(int)UsageCount.EncoderMicroseconds]));
        Assert.Empty(_ledger.Take());
    }

    [Fact]
    public void Add_Results_CountByTierAndQuestionsNotAtAll()
    {
        _ledger.Add(A, [
            EmbeddingResult.Of([1], EmbeddingTier.Memory), EmbeddingResult.Of([1], EmbeddingTier.Memory), EmbeddingResult.Of([1], EmbeddingTier.Encoder),
            EmbeddingResult.Failed(new TaskResException(ErrorReason.ImageUnreadable, "")), EmbeddingResult.Failed(new TaskResException(ErrorReason.ImageBytesRequired, "")),
        ]);

        var amounts = Assert.Single(_ledger.Take()).Amounts;
        Assert.Equal((2, 0, 1, 1), (amounts[(int)UsageCount.Memory], amounts[(int)UsageCount.Redis], amounts[(int)UsageCount.Encoder], amounts[(int)UsageCount.Failed]));
    }

    [Fact]
    public async Task Add_WhileOthersTake_NothingIsLost()
    {
        const int threads = 4, each = 200_000;
        long taken = 0;
        var counting = Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < each; i++) _ledger.Add(i % 2 == 0 ? A : B, UsageCount.Requests);
        }, TestContext.Current.CancellationToken)));
        while (!counting.IsCompleted) taken += Sum();
        await counting;

        Assert.Equal(threads * each, taken + Sum());
    }

    private long Sum() => _ledger.Take().Sum(used => used.Amounts.Sum());
}
