using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>Passes live events on, and a null whenever some may have been missed: after subscribing, and after a lost connection came back.</summary>
internal sealed class LiveSubscription : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly RegistryRedis redis;
    private readonly Action<TaskName?> changed;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopped = new();
    private readonly Task subscribing;

    public LiveSubscription(RegistryRedis redis, Action<TaskName?> changed, TimeProvider time)
    {
        (this.redis, this.changed, this.time) = (redis, changed, time);
        redis.Restored += MayHaveMissed;
        subscribing = Task.Run(SubscribeAsync);
    }

    public void Dispose()
    {
        redis.Restored -= MayHaveMissed;
        stopped.Cancel();
        _ = UnsubscribeAsync();
    }

    // The driver subscribes again by itself after a reconnect, but not where Redis was away the first time.
    private async Task SubscribeAsync()
    {
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                await redis.RunAsync("subscribe", Subscribe, stopped.Token);
                MayHaveMissed();
                return;
            }
            catch (TaskResException)
            {
                // Logged where it arose.
            }

            await Task.Delay(RetryDelay, time, stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task UnsubscribeAsync()
    {
        await subscribing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await redis.RunAsync("unsubscribe", async multiplexer =>
            {
                await multiplexer.GetSubscriber().UnsubscribeAsync(RedisKeys.LiveChannel, OnMessage);
                return true;
            }, CancellationToken.None);
        }
        catch (TaskResException)
        {
            // Redis is away, and with it the subscription.
        }

        stopped.Dispose();
    }

    private async Task<bool> Subscribe(IConnectionMultiplexer multiplexer)
    {
        await multiplexer.GetSubscriber().SubscribeAsync(RedisKeys.LiveChannel, OnMessage);
        return true;
    }

    private void OnMessage(RedisChannel channel, RedisValue message)
    {
        if (stopped.IsCancellationRequested) return;
        try
        {
            changed(TaskName.Parse($"{message}", "task"));
        }
        catch (TaskResException)
        {
            // Not a name of ours: something may have changed all the same.
            changed(null);
        }
    }

    private void MayHaveMissed() => changed(null);
}
