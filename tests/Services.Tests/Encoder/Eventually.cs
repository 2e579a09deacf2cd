namespace TaskRes.Services.Tests.Encoder;

/// <summary>Waits for a condition that another thread or process brings about; it never coming is the failure.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"In {Patience.TotalSeconds} s it never came: {what}.");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
