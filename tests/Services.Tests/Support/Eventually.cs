using System.Diagnostics;

namespace TaskRes.Services.Tests.Support;

/// <summary>Waits for what another thread or process brings about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        for (var start = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(20, TestContext.Current.CancellationToken))
            if (Stopwatch.GetElapsedTime(start) > (limit ?? Limit)) Assert.Fail($"In {limit ?? Limit} it did not come about that {what}.");
    }

    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? limit = null) => HoldsAsync(() => Task.FromResult(condition()), what, limit);
}
