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
    public void PutBack_Taken_IsGivenAgainWithWhatCameSince()
    {
        _ledger.Add(A, UsageCount.Jobs, 5);
        var (tenant, amounts) = Assert.Single(_ledger.Take());
        _ledger.Add(A, UsageCount.Jobs);
        _ledger.PutBack(tenant, amounts);

        Assert.Equal(6, Assert.Single(_ledger.Take()).Amounts[(int)UsageCount.Jobs]);
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
