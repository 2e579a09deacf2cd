namespace TaskRes.Services.Tests.Support;

/// <summary>A clock that goes as usual, but whose time of day the test sets forward and back.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));

    /// <param name="offset">From the real time.</param>
    public void Jump(TimeSpan offset) => Interlocked.Exchange(ref _offset, offset.Ticks);
}
