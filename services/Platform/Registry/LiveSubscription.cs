using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>Passes live events on, and a null whenever some may have been missed: after subscribing, and after a lost connection came back.</summary>
internal sealed class LiveSubscription : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly RegistryRedis _redis;
    private readonly Action<TaskName?> _changed;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _subscribing;

    public LiveSubscription(RegistryRedis redis, Action<TaskName?> changed, TimeProvider time)
    {
        (_redis, _changed, _time) = (redis, changed, time);
        redis.Restored += MayHaveMissed;
        _subscribing = Task.Run(SubscribeAsync);
    }

    public void Dispose()
    {
        _redis.Restored -= MayHaveMissed;
        _stopped.Cancel();
        _ = UnsubscribeAsync();
    }

    // The driver subscribes again by itself after a reconnect, but not where Redis was away the first time.
    private async Task SubscribeAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                await _redis.RunAsync("subscribe", Subscribe, _stopped.Token);
                MayHaveMissed();
                return;
            }
            catch (TaskResException)
            {
                // Logged where it arose.
            }

            await Task.Delay(RetryDelay, _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task UnsubscribeAsync()
    {
        await _subscribing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _redis.RunAsync("unsubscribe", async multiplexer =>
            {
                await multiplexer.GetSubscriber().UnsubscribeAsync(RedisKeys.LiveChannel, OnMessage);
                return true;
            }, CancellationToken.None);
        }
        catch (TaskResException)
        {
            // Redis is away, and with it the subscription.
        }

        _stopped.Dispose();
    }

    private async Task<bool> Subscribe(IConnectionMultiplexer multiplexer)
    {
        await multiplexer.GetSubscriber().SubscribeAsync(RedisKeys.LiveChannel, OnMessage);
        return true;
    }

    private void OnMessage(RedisChannel channel, RedisValue message)
    {
        if (_stopped.IsCancellationRequested) return;
        try
        {
            _changed(TaskName.Parse($"{message}", "task"));
        }
        catch (TaskResException)
        {
            // Not a name of ours: something may have changed all the same.
            _changed(null);
        }
    }

    private void MayHaveMissed() => _changed(null);
}
