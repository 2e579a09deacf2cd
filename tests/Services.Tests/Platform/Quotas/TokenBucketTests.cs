using TaskRes.Platform.Quotas;
using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Platform.Quotas;

public sealed class TokenBucketTests
{
    private readonly ManualTime _time = new();
    private readonly TokenBucket _bucket;

    public TokenBucketTests() => _bucket = new TokenBucket(_time);

    [Fact]
    public void TryTake_Full_GivesTheBurstAndNoMore() => Assert.Equal(7, TakeAll(new RequestRate(3, 7)));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(999_983)]
    public void TryTake_AfterTheWaitThatItNamed_SucceedsAndNotBefore(int perSecond)
    {
        var rate = new RequestRate(perSecond, 2);
        TakeAll(rate);
        for (var turn = 0; turn < 1000; turn++)
        {
            var wait = _bucket.TryTake(rate);
            Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1.0 / perSecond) + TimeSpan.FromTicks(1));
            var last = TimeSpan.FromTicks(Math.Max(1, wait.Ticks / 100));
            _time.Advance(wait - last);
            Assert.InRange(_bucket.TryTake(rate), TimeSpan.FromTicks(1), last + TimeSpan.FromTicks(1));
            _time.Advance(last);
            Assert.Equal(TimeSpan.Zero, _bucket.TryTake(rate));
        }
    }

    [Fact]
    public void TryTake_ForTenSeconds_GivesTheBurstAndTheRate()
    {
        var rate = new RequestRate(30, 50);
        var taken = TakeAll(rate);
        for (var step = 0; step < 10_000; step++, taken += TakeAll(rate)) _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.InRange(taken, 50 + 300 - 1, 50 + 300);
    }

    [Fact]
    public void TryTake_AfterADay_GivesTheBurstAndNoMore()
    {
        var rate = new RequestRate(100, 5);
        TakeAll(rate);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(5, TakeAll(rate));
    }

    [Fact]
    public void TryTake_RateThatChanged_HoldsAtOnce()
    {
        TakeAll(new RequestRate(1000, 1000));
        Assert.InRange(_bucket.TryTake(new RequestRate(1, 1)), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1));
        Assert.Equal(4, TakeAll(new RequestRate(1, 5)));
    }

    private int TakeAll(RequestRate rate)
    {
        var taken = 0;
        while (_bucket.TryTake(rate) == TimeSpan.Zero) taken++;
        return taken;
    }
}
